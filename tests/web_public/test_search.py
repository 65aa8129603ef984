import re
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from nerirepo.base import clock
from nerirepo.database.db import transaction
from nerirepo.publication.bigrams import folded, grams, wanted
from nerirepo.publication.read import reports as reading
from nerirepo.reports.status import Status
from nerirepo.reports.tables import Report
from tests.factories.public_reports import MONDAY, add_report, publish_now
from web_public.app import create_app

pytestmark = pytest.mark.usefixtures("database", "storage")


@pytest.fixture
def client() -> TestClient:
    return TestClient(create_app(), headers={"accept-language": "ja"})


def published(**changes: object) -> Report:
    with transaction() as session:
        report = add_report(session, **changes)
    publish_now(report.id)
    return report


def found(client: TestClient, **query: str) -> list[str]:
    page = client.get("/reports", params=query)
    assert page.status_code == 200
    return re.findall(r'<a href="/reports/(NR-\d{4}-\d{6})', page.text)


@pytest.mark.parametrize(
    "word",
    [
        "穴",
        "公園",
        "こうえん",
        "コウエン",
        "ﾀｲﾔ",
        "タイヤ",
        "たいや",
        "ＧＰＳ",
        "gps",
        "100%",
        "旭丘",
        "旭丘1",
        "旭丘１丁目",
    ],
)
@pytest.mark.parametrize("looked_through", [3000, 0], ids=["from the beginning", "by the index"])
def test_a_word_of_any_length_and_width_is_found(
    client: TestClient, word: str, looked_through: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "LOOKED_THROUGH", looked_through)
    wanted_report = published(
        public_text="公園（こうえん）の入口に穴。GPSは旧式のタイヤの横で、１００％です。", town="旭丘一丁目"
    )
    published(public_text="街路灯が消えています。")
    assert found(client, q=word) == [wanted_report.number]


@pytest.mark.parametrize("looked_through", [0, 1000])
@pytest.mark.parametrize("word", ["ベンチ", "べんち", "bench", "公園", "ベンチ ねじ"])
def test_what_a_card_is_titled_is_found(
    client: TestClient, word: str, looked_through: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "LOOKED_THROUGH", looked_through)
    swing = published(category_code="park.equipment", public_text="ねじがゆるんでいます。")
    published(public_text="街路灯が消えています。")
    assert found(client, q=word) == [swing.number]


def test_all_words_must_occur_wherever_they_stand(client: TestClient) -> None:
    both = published(public_text="歩道の木の枝が折れた")
    published(public_text="歩道の段差")
    assert found(client, q="枝　歩道") == [both.number]
    assert found(client, q="枝が歩道") == []


def test_pairs_that_stand_apart_do_not_make_a_word(client: TestClient) -> None:
    published(public_text="道路と路線")
    assert found(client, q="道路線") == []


@pytest.mark.parametrize(
    "spelling",
    [
        "NR-2026-000123",
        "nr-2026-123",
        "ＮＲ－２０２６－０００１２３",
        "ＮＲー２０２６ー０００１２３",
        "NR−2026−000123",
        "NR‐2026‐000123",
        "nr 2026 123",
        "NR2026000123",
    ],
)
def test_a_number_is_found_however_it_is_written(client: TestClient, spelling: str) -> None:
    report = published(number="NR-2026-000123")
    published()
    assert found(client, q=spelling) == [report.number]


def test_a_period_is_of_japan_s_days_and_holds_both_its_ends(client: TestClient) -> None:
    late_on_the_15th = published(received_at=datetime(2026, 11, 15, 14, 59, tzinfo=UTC))
    early_on_the_16th = published(received_at=datetime(2026, 11, 15, 15, 0, tzinfo=UTC))
    assert found(client, until="2026-11-15") == [late_on_the_15th.number]
    assert found(client, since="2026-11-16") == [early_on_the_16th.number]
    assert len(found(client, since="2026-11-15", until="2026-11-16")) == 2


def test_the_list_is_sorted_as_asked_and_its_pages_join(client: TestClient) -> None:
    made = [
        published(
            received_at=MONDAY + timedelta(hours=hour),
            status=Status.RESOLVED,
            closed_at=MONDAY + timedelta(days=(7 * hour) % 23),
        )
        for hour in range(23)
    ]
    waiting = published(received_at=MONDAY - timedelta(days=1))
    for sort, expected in (
        ("newest", [*reversed(made), waiting]),
        ("oldest", [waiting, *made]),
        ("closed", sorted(made, key=lambda report: report.closed_at or MONDAY, reverse=True)),
    ):
        seen: list[str] = []
        path = f"/reports?sort={sort}"
        while path:
            page = client.get(path).text
            seen += re.findall(r'<a href="/reports/(NR-[\d-]+)', page)
            following = re.search(r'rel="next" href="([^"]+)"', page)
            path = following[1].replace("&amp;", "&") if following else ""
        assert seen == [report.number for report in expected]


def test_each_filter_is_a_plain_link_with_its_count(client: TestClient) -> None:
    published()
    published(status=Status.RESOLVED)
    published(category_code="graffiti")
    page = client.get("/reports").text
    chips = dict(
        re.findall(r'<a[^>]* href="(/reports[^"]*)"[^>]*>.*?<span class="how-many">([\d,]+)', page, re.DOTALL)
    )
    assert chips["/reports"] == "3"
    assert chips["/reports?status=before"] == "2"
    assert chips["/reports?category=road"] == "2"
    of_roads = client.get("/reports?category=road").text
    assert re.search(r'status=before">.*?how-many">1<', of_roads, re.DOTALL)
    assert "how-many" not in client.get("/reports?q=x").text.partition("</header>")[2]


def test_links_to_a_period_lead_to_days(client: TestClient) -> None:
    day = clock.today_in_japan() - timedelta(days=30)
    assert f"since={day}" in client.get("/reports").text


@given(st.text(max_size=40), st.integers(0, 39), st.integers(1, 40))
def test_whatever_part_of_a_text_is_looked_for_its_pieces_are_in_the_index(
    text: str, start: int, length: int
) -> None:
    text = folded(text)
    for word in text[start : start + length].split():
        assert set(wanted(word)) <= set(grams(text))


NONSENSE = st.one_of(
    st.text(max_size=40),
    st.sampled_from(
        [
            "",
            "0",
            "-1",
            "nan",
            "inf",
            "1e400",
            "2026-02-30",
            "9999-12-31",
            "0001-01-01",
            "before",
            "road",
            "NR-2026-1",
        ]
    ),
    st.lists(st.floats(), max_size=5).map(lambda numbers: ",".join(map(str, numbers))),
    st.lists(st.floats(139, 140), min_size=4, max_size=4).map(lambda numbers: ",".join(map(str, numbers))),
)


@hypothesis_settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    path=st.sampled_from(["/", "/reports"]),
    query=st.dictionaries(
        st.sampled_from(
            [
                "category",
                "status",
                "town",
                "q",
                "bbox",
                "since",
                "until",
                "department",
                "sort",
                "cursor",
                "lang",
            ]
        ),
        NONSENSE,
        max_size=4,
    ),
)
def test_no_filter_however_odd_makes_the_site_fail(
    client: TestClient, path: str, query: dict[str, str]
) -> None:
    query = {name: value.encode(errors="replace").decode() for name, value in query.items()}
    answer = client.get(path, params=query)
    assert answer.status_code in (200, 400)
    assert "<h1" in answer.text


@hypothesis_settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.tuples(*[st.one_of(st.integers(-5, 1 << 40).map(str), st.text(min_size=1, max_size=8))] * 3))
def test_no_tile_number_however_odd_makes_the_map_fail(
    client: TestClient, parts: tuple[str, str, str]
) -> None:
    address = "/".join(quote(part, safe="", errors="replace") for part in parts)
    assert client.get(f"/map/lines/{address}.mvt").status_code in (200, 404)

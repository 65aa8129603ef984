from datetime import UTC, datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nerirepo.photos.tables import OwnerKind, Photo, PhotoState
from nerirepo.publication import policy
from nerirepo.reports.status import Status
from nerirepo.reports.tables import ActorKind, PhotoRole, Report, ReportEvent, ReportPhoto

AT = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
ID = UUID(int=1)


def a_report(**changes: object) -> Report:
    values = {
        "id": ID,
        "number": "NR-2026-000001",
        "category_code": "lamp.out",
        "department_code": "lamps",
        "location": "POINT(139.65 35.73)",
        "public_text": "街路灯が消えています。",
        "received_at": AT,
        "updated_at": AT,
    }
    return Report(**values | changes)


def an_event(kind: str, *, actor: ActorKind = ActorKind.MEMBER, **facts: object) -> ReportEvent:
    return ReportEvent(
        id=ID,
        report_id=ID,
        kind=kind,
        at=AT,
        actor_kind=actor,
        member_id=UUID(int=9),
        to_status=Status.CHECKING,
        version=1,
        facts=facts,
    )


def a_photo(*, is_cleared: bool = True, state: PhotoState = PhotoState.READY) -> tuple[ReportPhoto, Photo]:
    photo = Photo(
        id=ID,
        owner_kind=OwnerKind.REPORTER,
        sha256="0" * 64,
        bytes=1,
        content_type="image/jpeg",
        state=state,
        renditions={name: {"width": 1} for name in ("large", "medium", "small", "mail")},
        announced_at=AT,
    )
    shown = ReportPhoto(report_id=ID, photo_id=ID, role=PhotoRole.BEFORE, position=0, is_cleared=is_cleared)
    return shown, photo


def test_the_words_are_the_desk_s_and_go_with_the_person() -> None:
    assert policy.public_words(a_report(), is_erased=False) == "街路灯が消えています。"
    assert policy.public_words(a_report(), is_erased=True) == ""
    assert policy.public_words(a_report(public_text=None), is_erased=False) == ""


def test_the_point_is_shown_unless_a_home_is_near_or_the_person_is_gone() -> None:
    assert policy.shows_point(a_report(), is_erased=False)
    assert not policy.shows_point(a_report(), is_erased=True)
    assert not policy.shows_point(a_report(hides_point=True), is_erased=False)
    assert not policy.shows_point(a_report(location=None), is_erased=False)


def test_only_cleared_photos_that_are_ready_are_shown() -> None:
    photos = [a_photo(), a_photo(is_cleared=False), *(a_photo(state=state) for state in PhotoState)]
    assert len(policy.public_photos(photos, is_erased=False)) == 2
    assert policy.public_photos(photos, is_erased=True) == ()


def test_letters_have_a_rendition_that_the_public_does_not_need() -> None:
    (photo,) = policy.public_photos([a_photo()], is_erased=False)
    assert set(photo.renditions) == {"large", "medium", "small"}


def test_a_refusal_is_shown_with_its_reason_and_what_was_measured() -> None:
    declined = an_event(
        "decline", reason_code="within_standard", measured_value="12 mm", photo_ids=["x"], department="roads"
    )
    (line,) = policy.public_timeline([(declined, "基準の範囲内でした。")])
    assert line == {
        "kind": "decline",
        "at": "2026-11-23T03:00:00+00:00",
        "status": "checking",
        "note": "基準の範囲内でした。",
        "facts": {"reason_code": "within_standard", "measured_value": "12 mm"},
    }


@pytest.mark.parametrize(
    "kind",
    [
        "ask",
        "comment",
        "feedback",
        "follow",
        "reassign",
        "recategorise",
        "edit_public_text",
        "publish",
        "hide",
        "feature",
        "unfeature",
    ],
)
def test_what_is_between_the_ward_and_the_reporter_stays_there(kind: str) -> None:
    assert policy.public_timeline([(an_event(kind), "電話番号を教えてください。")]) == []


def test_a_note_is_shown_only_where_it_has_words_for_residents() -> None:
    assert policy.public_timeline([(an_event("note"), None), (an_event("note"), "")]) == []
    assert len(policy.public_timeline([(an_event("note"), "部品を注文しました。")])) == 1


def test_an_event_of_the_reporter_s_never_speaks() -> None:
    again = an_event("reopen", actor=ActorKind.REPORTER, fixed=False, own=True)
    (line,) = policy.public_timeline([(again, "まだ暗い。電話は03-0000-0000")])
    assert (line["note"], line["facts"]) == (None, {})


@given(st.text(min_size=1), st.dictionaries(st.text(), st.text()))
def test_a_kind_or_a_fact_that_nobody_has_named_public_is_not(kind: str, facts: dict[str, str]) -> None:
    event = an_event(kind)
    event.facts = facts
    for line in policy.public_timeline([(event, "x")]):
        assert set(line["facts"]) <= policy.PUBLIC_FACTS[kind]

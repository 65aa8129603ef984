"""The ward's folder goes into the database once; later the two may differ."""

import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlmodel import select

from nerirepo.base.errors import Invalid
from nerirepo.base.settings import settings
from nerirepo.catalogue.tables import Category, Ward
from nerirepo.database.db import reading, transaction
from nerirepo.staff.roles import Role
from nerirepo.staff.tables import Member
from operate.ward.diff import differences
from operate.ward.seed import load_ward


@pytest.fixture
def ward_at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], Path]]:
    """Makes the service read a copy of the ward's folder, which a test may change."""

    def copy() -> Path:
        folder = Path(shutil.copytree(settings().ward, tmp_path / "ward"))
        monkeypatch.setenv("NERIREPO_WARD", str(folder))
        settings.cache_clear()
        return folder

    yield copy
    monkeypatch.undo()
    settings.cache_clear()


def change(file: Path, old: str, new: str) -> None:
    content = file.read_text(encoding="utf-8")
    assert old in content
    file.write_text(content.replace(old, new, 1), encoding="utf-8")


def count(table: str) -> int:
    with reading() as session:
        return session.execute(text(f"SELECT count(*) FROM {table}")).scalar_one()


def test_the_first_start_fills_an_empty_database_and_names_two_accounts(bare_database: object) -> None:
    desk, crew = load_ward()
    with reading() as session:
        members = {each.email: each for each in session.exec(select(Member))}
        ward = session.exec(select(Ward)).one()
        layers = set(session.execute(text("SELECT layer FROM layer_version WHERE is_active")).scalars())
    assert (members[desk.email].role, members[crew.email].role) == (Role.DESK, Role.FIELD)
    assert members[desk.email].department_code != members[crew.email].department_code
    assert desk.password != crew.password
    assert ward.texts["terms"]["ja"]
    assert ward.profile.notices
    assert layers == {"boundary", "neighbours", "towns", "parks", "roads", "facilities"}
    assert count("routing_rule") > 10
    assert count("published.line") > 200
    assert count("published.category") == count("category") > 15


def test_a_second_start_changes_nothing(database: object) -> None:
    before = (count("member"), count("category"), count("layer_version"))
    assert load_ward() == []
    assert (count("member"), count("category"), count("layer_version")) == before


def test_two_that_start_together_load_it_once(bare_database: object) -> None:
    with ThreadPoolExecutor(2) as pool:
        accounts = [each.result() for each in [pool.submit(load_ward) for _ in range(2)]]
    assert sorted(map(len, accounts)) == [0, 2]
    assert count("ward") == 1


def test_a_fault_in_the_last_file_leaves_the_database_empty(
    bare_database: object, ward_at: Callable[[], Path]
) -> None:
    folder = ward_at()
    (folder / "layers" / "facilities.geojson").write_text("{")
    with pytest.raises(Invalid, match="not JSON"):
        load_ward()
    assert [count(table) for table in ("ward", "department", "category", "layer_version", "member")] == [
        0
    ] * 5


def test_a_rule_for_an_office_that_there_is_not_is_refused(
    bare_database: object, ward_at: Callable[[], Path]
) -> None:
    change(ward_at() / "routing.toml", 'then.department = "desk"', 'then.department = "moon"')
    with pytest.raises(Invalid, match="'moon'"):
        load_ward()
    assert count("ward") == 0


def test_after_the_first_start_folder_and_database_agree(database: object) -> None:
    assert differences() == []


def test_without_a_ward_that_is_the_difference(bare_database: object) -> None:
    assert differences() == ["the database holds no ward"]


def test_each_difference_is_a_line(database: object, ward_at: Callable[[], Path]) -> None:
    folder = ward_at()
    change(folder / "ward.toml", "lat = 35.748", "lat = 35.749")
    change(folder / "departments.toml", 'phone = "', 'phone = "9')
    change(folder / "managers.toml", 'code = "police"', 'code = "sheriff"')
    change(folder / "texts" / "terms.ja.md", "\n", "\n\n")
    change(folder / "layers" / "parks.geojson", "\n", "\n\n")
    change(folder / "routing.toml", "confidence = 0.6", "confidence = 0.61")
    lines = differences()
    for told in (
        "ward map: folder ",
        "department roads phone: folder '9",
        "manager police: only in the database",
        "manager sheriff: only in the folder",
        "text terms.ja: not the same",
        "layer parks: not the same",
        "rule 2: folder ",
    ):
        assert [line for line in lines if line.startswith(told)], told
    assert len(lines) == 7


def test_what_an_admin_has_changed_since_is_told(database: object) -> None:
    with transaction() as session:
        category = session.get_one(Category, "lamp.out")
        days, category.target_days = category.target_days, 99
    try:
        assert differences() == [f"category lamp.out target_days: folder {days}, database 99"]
    finally:
        with transaction() as session:
            session.get_one(Category, "lamp.out").target_days = days

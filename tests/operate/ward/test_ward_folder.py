"""A ward's folder is read with care: what is wrong is told with its file and field."""

import shutil
from pathlib import Path

import pytest

from nerirepo.base.settings import CHECKOUT
from operate.ward import ward_folder
from operate.ward.ward_folder import WardInvalid

SHIPPED = sorted(path for path in (CHECKOUT / "wards").iterdir() if path.is_dir())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy that a test may spoil."""
    return Path(shutil.copytree(SHIPPED[0], tmp_path / "ward"))


def change(file: Path, old: str, new: str) -> None:
    content = file.read_text(encoding="utf-8")
    assert old in content
    file.write_text(content.replace(old, new, 1), encoding="utf-8")


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.name)
def test_every_shipped_ward_can_be_read(path: Path) -> None:
    ward = ward_folder.read(path)
    assert ward.triage.is_triage
    assert len(ward.layers) == 6
    assert ward.texts["terms"]["ja"]
    assert [each.position for each in ward.categories] == list(range(len(ward.categories)))
    assert ward.profile.as_json()["code"] == ward.profile.code


@pytest.mark.parametrize(
    ("file", "old", "new", "told"),
    [
        ("ward.toml", 'code = "', 'code = "x', r"ward\.toml: code"),
        ("ward.toml", "[map]", "[mapp]", r"ward\.toml: map: Field required"),
        ("ward.toml", "names.ja = ", "names.fr = ", r"ward\.toml: names: .*missing in ja"),
        ("ward.toml", "#", "= #", r"ward\.toml: "),
        ("departments.toml", "\nis_triage = true", "\nis_triage = false", "exactly one department"),
        ("departments.toml", "\ndigest = ", "\ndigset = ", r"departments\.toml: departments\.0\.digset"),
        ("departments.toml", 'code = "parks"', 'code = "roads"', "'roads' stands there twice"),
        ("managers.toml", 'kind = "tokyo"', 'kind = "moon"', r"managers\.toml: managers\.0\.kind"),
        ("categories.toml", 'parent_code = "road"', 'parent_code = "moon"', "'moon' is not a category"),
        ("categories.toml", 'department_code = "roads"', 'department_code = "moon"', "no department 'moon'"),
        ("categories.toml", 'type = "choice"', 'type = "text"', "choices belong to"),
        ("routing.toml", "confidence = 1.0", "confidence = 1.5", r"routing\.toml: rules\.0\.confidence"),
        ("notices.toml", "until = ", "until_ = ", r"notices\.0\.until"),
    ],
)
def test_a_slip_is_told_with_its_file_and_field(
    folder: Path, file: str, old: str, new: str, told: str
) -> None:
    change(folder / file, old, new)
    with pytest.raises(WardInvalid, match=told):
        ward_folder.read(folder)


@pytest.mark.parametrize("file", ["ward.toml", "routing.toml", "layers/boundary.geojson"])
def test_a_missing_file_is_named(folder: Path, file: str) -> None:
    (folder / file).unlink()
    with pytest.raises(WardInvalid, match=Path(file).name):
        ward_folder.read(folder)


def test_a_ward_may_have_nothing_to_announce_and_no_roads_yet(folder: Path) -> None:
    (folder / "notices.toml").unlink()
    (folder / "layers" / "roads.geojson").unlink()
    ward = ward_folder.read(folder)
    assert ward.profile.notices == []
    assert len(ward.layers) == 5

"""The test of `nerirepo/reports/feedback.py` is `tests/nerirepo/reports/test_feedback.py`, and so on."""

from pathlib import Path

TESTS = Path(__file__).resolve().parents[1]
CHECKOUT = TESTS.parent

STORIES = {
    "of letters, from the event to what arrives": {
        "nerirepo/notifications/test_letters.py",
        "nerirepo/notifications/test_meanwhile.py",
    },
    "of one person who sends a lot, by every way of sending": {"nerirepo/reports/test_flooding.py"},
    "of every request, and how often it asks the database": {"api/test_statements.py"},
    "of what remains of somebody, in everything that is shown, logged or copied": {"operate/test_canary.py"},
    "of an upgrade beside a service at work": {"operate/test_migrate.py", "operate/test_locks.py"},
    "of files that are no Python": {"operate/test_containers.py", "operate/test_nginx_files.py"},
    "of copies, from one to the next": {
        "operate/backup/test_erased_again.py",
        "operate/backup/test_forgetting_copies.py",
    },
    "of a process that waits, and is not ended for it": {"operate/serving/test_liveness.py"},
    "of all public pages, one quality each": {
        "web_public/test_answers.py",
        "web_public/test_dark.py",
        "web_public/test_languages.py",
        "web_public/test_large_letters.py",
        "web_public/test_letter_pages.py",
        "web_public/test_nonsense.py",
        "web_public/test_pages.py",
        "web_public/test_search.py",
        "web_public/test_search_engines.py",
    },
    "of programs in the browser": {
        "web_public/test_browser.py",
        "web_public/test_exif_reader.py",
        "web_public/test_map.py",
    },
    "of the staff's pages, from one to the next": {
        "web_staff/test_kept_words.py",
        "web_staff/test_notes.py",
        "web_staff/test_walk.py",
    },
}
"""Tests that cut across modules: what each is a story of."""


def names_something(test: Path) -> bool:
    """`test_sign_in.py` and `test_sign_in_limits.py` both stand beside `sign_in`, a module or a package."""
    name, source = test.stem.removeprefix("test_"), CHECKOUT / test.relative_to(TESTS).parent
    there = {
        each.stem for each in source.iterdir() if each.suffix == ".py" or (each / "__init__.py").exists()
    }
    return any(name == each or name.startswith(f"{each}_") for each in there)


def test_each_test_names_the_module_that_it_stands_beside_or_is_a_known_story() -> None:
    mirrored = {
        test
        for test in TESTS.glob("*/**/test_*.py")
        if any((CHECKOUT / test.relative_to(TESTS).parent).glob("*.py"))
    }
    unnamed = {str(test.relative_to(TESTS)) for test in mirrored if not names_something(test)}
    assert unnamed == set().union(*STORIES.values())

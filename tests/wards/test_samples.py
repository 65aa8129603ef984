"""Sample posts: such as the real service would accept, with a life that the status table allows."""

from PIL import Image

ALLOWED = {
    "accept": ({"received"}, "checking"),
    "start": ({"received", "checking"}, "in_progress"),
    "resolve": ({"received", "checking", "in_progress", "handed_over"}, "resolved"),
    "decline": ({"received", "checking", "in_progress"}, "declined"),
    "hand_over": ({"received", "checking", "in_progress"}, "handed_over"),
    "thank": ({"received"}, "thanked"),
    "merge": ({"received", "checking", "in_progress"}, "duplicate"),
    "feature": ({"resolved"}, "resolved"),
    "glad": ({"resolved"}, "resolved"),
    "not_fixed": ({"resolved"}, "checking"),
}
FIELDS = {
    "action", "days_ago", "public_text", "public_note", "after_picture", "expected_in_days", "reason_code",
    "manager", "external_reference", "parent", "comment",
}  # fmt: skip


def test_samples_are_of_categories_that_can_be_chosen_and_answer_their_questions(ward):
    for sample in ward.samples:
        assert sample["category"] in ward.offered, sample["code"]
        questions = {each["code"]: each for each in ward.categories[sample["category"]].get("questions", [])}
        for code, answer in sample["answers"].items():
            question = questions[code]
            if question["type"] == "choice":
                assert answer in {each["code"] for each in question["choices"]}, (sample["code"], code)
            else:
                assert type(answer) is {"text": str, "number": int, "boolean": bool}[question["type"]], code


def test_the_pictures_of_the_samples_open_are_as_large_as_a_phone_sends_them_and_all_are_used(ward):
    steps = [step for sample in ward.samples for step in sample.get("steps", [])]
    named = {each["picture"] for each in ward.samples} | {
        step["after_picture"] for step in steps if "after_picture" in step
    }
    files = {path.name: path for path in (ward.path / "samples").glob("*")}
    assert files.keys() == named
    for name, path in files.items():
        assert path.stat().st_size < 150_000, name
        with Image.open(path) as picture:
            picture.load()
            assert (picture.format, picture.size) == ("JPEG", (1600, 1200)), name
    assert sum(path.stat().st_size for path in files.values()) < 2_000_000


def test_each_sample_walks_only_along_allowed_moves_and_forward_in_time(ward):
    for sample in ward.samples:
        status, days_ago = "received", sample["days_ago"]
        for step in sample.get("steps", []):
            before, after = ALLOWED[step["action"]]
            assert status in before, (sample["code"], step["action"])
            assert step["days_ago"] <= days_ago, sample["code"]
            assert step.keys() <= FIELDS, sample["code"]
            status, days_ago = after, step["days_ago"]
        assert days_ago >= 0, sample["code"]


def test_no_sample_is_closed_without_evidence(ward):
    for sample in ward.samples:
        for step in sample.get("steps", []):
            match step["action"]:
                case "resolve":
                    assert step["after_picture"], sample["code"]
                    assert step["public_note"], sample["code"]
                case "decline":
                    assert step["reason_code"], sample["code"]
                    assert step["public_note"], sample["code"]
                case "hand_over":
                    assert step["manager"] in ward.managers, sample["code"]
                case "thank":
                    assert sample["category"].startswith("deed."), sample["code"]


def test_samples_show_a_repair_a_wait_a_handover_a_refusal_thanks_and_an_untouched_post(nerima):
    ends = {steps[-1]["action"] if (steps := sample.get("steps")) else None for sample in nerima.samples}
    assert ends >= {"resolve", "start", "hand_over", "decline", "thank", "merge", "feature", "glad", None}


def test_a_sample_repeats_only_an_older_one(ward):
    sent = {sample["code"]: sample["days_ago"] for sample in ward.samples}
    for sample in ward.samples:
        for step in sample.get("steps", []):
            if "parent" in step:
                assert sent[step["parent"]] > sample["days_ago"]


def test_the_samples_fill_the_statistics(nerima):
    repairs = [each for each in nerima.samples if not each["category"].startswith("deed.")]
    assert len(repairs) >= 25
    assert max(each["days_ago"] for each in repairs) > 120

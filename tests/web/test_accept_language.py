"""Which language does a browser ask for?"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nerirepo.words.language import LANGUAGES
from web.accept_language import chosen


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("en", "en"),
        ("en-GB", "en"),
        ("ko-KR,ko;q=0.9,en;q=0.8", "ko"),
        ("en;q=0.5, ko;q=0.8", "ko"),
        ("eo, en;q=0.3, zh-Hans;q=0.4", "zh-Hans"),
        ("en ; q=0.1 , ko ; Q=0.2", "ko"),
        ("ja-x-easy", "ja-easy"),
        ("JA", "ja"),
        ("", "ja"),
        ("eo", "ja"),
        # q=0: anything but this
        ("en;q=0", "ja"),
        ("en;q=0, en-US;q=1", "ja"),
        ("ja;q=0, en", "en"),
        ("ja;q=0", "en"),
        ("ja;q=0.000, *", "en"),
        ("ko;q=0, en;q=0.1", "en"),
        ("*;q=0, ko", "ko"),
        ("*", "ja"),
        ("ko, *;q=0.1", "ko"),
        # scripts of Chinese
        ("zh", "zh-Hans"),
        ("zh-CN", "zh-Hans"),
        ("zh-SG", "zh-Hans"),
        ("zh-Hans", "zh-Hans"),
        ("zh-Hans-CN", "zh-Hans"),
        ("zh-Hans-TW", "zh-Hans"),
        ("zh-TW", "ja"),
        ("zh-HK, en;q=0.5", "en"),
        ("zh-MO", "ja"),
        ("zh-Hant", "ja"),
        ("zh-Hant-CN, ko;q=0.2", "ko"),
        ("zh-TW, zh;q=0.9", "zh-Hans"),
        ("zh-Hans;q=0, zh-CN, en;q=0.1", "en"),
        # nonsense is passed over
        ("en;q=2, ko", "ko"),
        ("en;q=nan, ko", "ko"),
        ("en;q=-1, ko", "ko"),
        ("en;q=1e9, ko;q=0.1", "ko"),
        ("en;q=, ko;q=0.1", "ko"),
        (";;;,,,q=1", "ja"),
        ("日本語", "ja"),
    ],
)
def test_the_best_of_ours_is_chosen(header: str, language: str) -> None:
    assert chosen(header, LANGUAGES) == language


@given(
    st.text(max_size=80) | st.from_regex(r"([a-z]{2}(-[A-Z]{2})?(;q=[0-9.]{1,4})?,?){1,5}", fullmatch=True)
)
def test_whatever_is_sent_one_of_ours_is_chosen(header: str) -> None:
    assert chosen(header, LANGUAGES) in LANGUAGES

"""What in a resident's words should the desk look at before anybody else reads them? Pure.

A help for the eye and no judge: the desk reads and clears every text. It flags too much rather than too
little, and changes nothing. Names cannot be known without a list of people: only forms of address give them
away.
"""

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    MAIL_ADDRESS = "mail_address"
    PHONE_NUMBER = "phone_number"
    CAR_NUMBER = "car_number"
    ADDRESS = "address"
    NAME = "name"
    PERSONAL_NUMBER = "personal_number"
    ACCOUNT = "account"


@dataclass(frozen=True, order=True)
class Finding:
    """Characters `start` to `end` (exclusive) of the text as it was given."""

    start: int
    end: int
    kind: Kind


NOT_NAMES = re.compile(
    "お?子|お?客|奥|娘|息子|父|母|兄|姉|弟|妹|旦那|隣|近所|大家|業者|職人|職員|店員|店|警察|消防|役所|区役所|区|都|市"
    "|管理人|担当者|学生|生徒|皆|各|同|多|神|王|有|模|仕|異|沢山|花屋|本屋|コンビニ|バス|猫|犬|ネコ|ワン"
)
"""Words that people address politely without naming anybody, and words that merely end like an address."""

_DASH = "[-‐‑‒–—―−ー]"
_NUMBER = "[0-9〇一二三四五六七八九十百]{1,4}"
_BETWEEN = f"(?:[(). の]|{_DASH})"
"""Between the digits of a telephone number."""
_NO_DIGIT = "(?![0-9])"
_HANDLE = "[A-Za-z0-9_.-]{3,30}"
"""A name of somebody at a social network."""
_JAPANESE_NAME = "[一-鿿々ヶァ-ヴー]{1,6}"

_PATTERNS = (
    (Kind.MAIL_ADDRESS, r"[\w.+%-]{1,64}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+"),
    # 03-1234-5678, (03) 1234 5678, 090.1234.5678, 09012345678, +81 90-1234-5678
    (
        Kind.PHONE_NUMBER,
        rf"(?<![0-9])(?:\+81|\(?0){_BETWEEN}*(?:[0-9]{_BETWEEN}{{0,2}}){{8,10}}(?<=[0-9]){_NO_DIGIT}",
    ),
    # 〇九〇の一二三四の五六七八
    (Kind.PHONE_NUMBER, rf"[〇零](?:{_BETWEEN}{{0,2}}[〇零一二三四五六七八九]){{9,10}}"),
    # 品川 500 あ 12-34: office, class, letter, serial; dots stand for digits that are not there
    (
        Kind.CAR_NUMBER,
        rf"[一-鿿ぁ-んァ-ヶ]{{1,4}}\s?[0-9][0-9A-Z]{{1,2}}\s?[ぁ-んA-Z]\s?[0-9・.]{{1,2}}{_DASH}?[0-9]{{1,2}}{_NO_DIGIT}",
    ),
    (
        Kind.CAR_NUMBER,
        rf"(?:(?<!マイ)ナンバー|車番)[^0-9\n]{{0,6}}[0-9・.]{{1,2}}{_DASH}?[0-9]{{2}}{_NO_DIGIT}",
    ),
    # 一丁目2番3号, 1丁目2-3; a 丁目 alone is public
    (Kind.ADDRESS, rf"{_NUMBER}\s?丁目\s?の?\s?{_NUMBER}(?:番地?|{_DASH})(?:の|\s)?(?:{_NUMBER}号?)?"),
    # 豊玉北6-12-1
    (Kind.ADDRESS, rf"[一-鿿ヶ][0-9]{{1,2}}{_DASH}[0-9]{{1,3}}{_DASH}[0-9]{{1,4}}{_NO_DIGIT}"),
    (Kind.ADDRESS, rf"〒\s?[0-9]{{3}}{_DASH}?[0-9]{{4}}{_NO_DIGIT}"),
    (Kind.ADDRESS, "[0-9]{1,4}号室"),
    # 田中さん, 山田太郎 様
    (
        Kind.NAME,
        rf"(?<![一-鿿々ヶァ-ヴー])(?P<name>{_JAPANESE_NAME})\s?(?:さん|さま|様|氏|くん|君|ちゃん)(?![一-鿿])",
    ),
    # 私は山田太郎と申します
    (
        Kind.NAME,
        rf"(?:氏名|名前|私|わたし)(?:は|[::])\s?(?P<name>{_JAPANESE_NAME})(?=です|と申|と言|といい|\s|。|、|$)",
    ),
    (Kind.NAME, r"\b(?:Mr|Mrs|Ms|Dr)\b\.? [A-Z][a-z]+"),
    # 1234 5678 9018, whose last digit is the check digit of the eleven before it
    (Kind.PERSONAL_NUMBER, rf"(?<![0-9])(?:[0-9]{{4}}(?:\s|{_DASH})?){{2}}[0-9]{{4}}{_NO_DIGIT}"),
    # LINE ID: taro_n, LINEのIDは taro_n
    (
        Kind.ACCOUNT,
        rf"(?<![A-Za-z])(?i:line\s?の?\s?id|インスタ|instagram|ツイッター|twitter)\s?[はが::@]\s?@?{_HANDLE}",
    ),
    # @taro_n, but not the second half of a mail address
    (Kind.ACCOUNT, rf"(?<![A-Za-z0-9._%+-])@{_HANDLE}"),
)
_COMPILED = tuple((kind, re.compile(pattern)) for kind, pattern in _PATTERNS)


def screen(text: str) -> list[Finding]:
    """What to look at, in the order of the text; findings of one kind do not overlap."""
    read = _as_narrow(text)
    found: list[Finding] = []
    for kind, pattern in _COMPILED:
        for match in pattern.finditer(read):
            finding = Finding(*match.span(), kind)
            if _is_one(kind, match) and not any(
                each.kind is kind and each.start < finding.end and finding.start < each.end for each in found
            ):
                found.append(finding)
    return sorted(found)


def _is_one(kind: Kind, match: re.Match[str]) -> bool:
    """Whether what looks like one is one, where the words alone can tell."""
    if kind is Kind.NAME:
        return not NOT_NAMES.fullmatch(match.groupdict().get("name") or "")
    return kind is not Kind.PERSONAL_NUMBER or _has_check_digit(re.sub("[^0-9]", "", match[0]))


def _has_check_digit(digits: str) -> bool:
    """Of an individual number: order 85 of 2014 of the Ministry of Internal Affairs, article 5."""
    weighted = zip(map(int, digits[:-1]), (6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2), strict=True)
    rest = sum(digit * weight for digit, weight in weighted) % 11
    return int(digits[-1]) == (0 if rest <= 1 else 11 - rest)


def _as_narrow(text: str) -> str:
    """Full-width letters and digits as ASCII, character for character, so that positions stay as they are."""
    narrowed = (unicodedata.normalize("NFKC", character) for character in text)
    return "".join(
        narrow if len(narrow) == 1 else character for narrow, character in zip(narrowed, text, strict=True)
    )

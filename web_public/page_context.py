"""Who reads, and in which language? What every template needs to know of the request and the ward."""

from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import quote, urlencode

from starlette.requests import Request

from nerirepo.base import clock
from nerirepo.base.errors import FieldFault, Invalid
from nerirepo.base.settings import settings
from nerirepo.catalogue.offered import known, offered
from nerirepo.catalogue.profile import Notice
from nerirepo.publication.read import Ward
from nerirepo.reports.status import Status, marker
from nerirepo.words import language
from web.accept_language import chosen
from web_public.static import static_url

KEPT = (
    "category",
    "status",
    "town",
    "q",
    "bbox",
    "since",
    "until",
    "sort",
    "cursor",
    "which",
    "show",
    "month",
    "others",
    "department",
)
"""Query parameters that mean something; others are not carried on."""

TELLING = {
    "/reports": ("category", "status", "town", "department", "cursor"),
    "/improvements": ("show", "cursor"),
    "/deeds": ("cursor",),
    "/statistics/reports": ("which", "month", "category", "department", "town", "others", "cursor"),
}
"""By path: those that make a page of its own for search engines. The others search, sort or move the map."""


class LanguageUnknown(Invalid):
    """These pages are not written in this language."""

    code = "language_unknown"


def own_path(asked: str) -> str:
    """The path of a request, decoded as it comes, for a link that leads nowhere but to this address. Browsers
    take `//` and `/\\` at its beginning, even with a tab or a line end between, for another site's name."""
    return "/" + quote(asked.lstrip("/"), errors="replace")


NO_WARD = Ward(profile=None, pages={}, categories=(), managers={}, departments={})


@dataclass(frozen=True)
class PageContext:
    """`t`, `name`, `link` ... for templates. The language is remembered by nothing but the links."""

    path: str
    query: dict[str, str]
    language: str
    is_language_asked_for: bool
    languages: dict[str, str]
    """That the ward offers, in their own words."""
    ward: Ward

    @classmethod
    def of(cls, request: Request, ward: Ward = NO_WARD, *, forgives: bool = False) -> "PageContext":
        """Raises `LanguageUnknown`, unless it `forgives`: then the browser's language is spoken."""
        # A page for when all else fails asks nothing.
        offer = known() if forgives else offered()
        asked = request.query_params.get("lang")
        is_asked = asked in offer.languages
        if asked and not is_asked and not forgives:
            written = ", ".join(offer.languages)
            raise LanguageUnknown(faults=(FieldFault("lang", LanguageUnknown.code, f"one of {written}"),))
        return cls(
            path=own_path(request.scope["path"]),
            query={key: value for key in KEPT if (value := request.query_params.get(key))},
            language=asked
            if asked and is_asked
            else chosen(request.headers.get("accept-language"), offer.languages),
            languages={each: language.OWN_NAMES[each] for each in offer.languages},
            is_language_asked_for=is_asked,
            ward=ward,
        )

    @property
    def tag(self) -> str:
        """The `lang` of the page."""
        return language.tag(self.language)

    def tag_of(self, other: str) -> str:
        return language.tag(other)

    def t(self, key: str, **values: object) -> str:
        return language.translator(self.language)(key, **values)

    def name(self, names: dict[str, str]) -> str:
        return language.name(names, self.language)

    @property
    def service_name(self) -> str:
        ward = self.ward.profile
        return self.name(ward.service.names) if ward else self.t("site.service")

    @property
    def ward_name(self) -> str:
        return self.name(self.ward.profile.names) if self.ward.profile else ""

    def date(self, moment: date | datetime | str) -> str:
        day = date.fromisoformat(moment) if isinstance(moment, str) else moment
        return language.long_date(day, self.language)

    def time(self, moment: datetime) -> str:
        return language.time_of_day(moment)

    def days(self, since: datetime, until: datetime) -> str:
        """How long it took, by Japan's calendar."""
        return self.number_of_days((clock.in_japan(until).date() - clock.in_japan(since).date()).days)

    def number_of_days(self, days: int) -> str:
        if days < 2:
            return self.t("site.took.one_day" if days else "site.took.same_day")
        return self.t("site.took.days", days=days)

    def link(self, path: str, **query: str | None) -> str:
        """A path of ours, with the language if that was asked for."""
        wanted = {key: value for key, value in query.items() if value}
        if self.is_language_asked_for:
            wanted["lang"] = self.language
        return f"{path}?{urlencode(wanted)}" if wanted else path

    def with_filter(self, **changed: str | None) -> str:
        """Map and list, or the list, with one filter changed or (None) dropped, from its beginning."""
        query: dict[str, str | None] = {**self.query, "cursor": None, **changed}
        return self.link("/", **query) + "#find" if self.path == "/" else self.link("/reports", **query)

    def in_language(self, other: str) -> str:
        """This page in another language."""
        return f"{self.path}?{urlencode(self.query | {'lang': other})}"

    def known_as(self, language: str | None) -> str:
        """The whole address under which search engines may know this page in a language; None: in the
        browser's."""
        query = {key: self.query[key] for key in TELLING.get(self.path, ()) if key in self.query}
        if language:
            query["lang"] = language
        return f"{settings().base_url}{self.path}" + (f"?{urlencode(query)}" if query else "")

    @property
    def canonical(self) -> str:
        return self.known_as(self.language if self.is_language_asked_for else None)

    def lang_of(self, words: str | None) -> str | None:
        """The `lang` attribute for words that may not be in the page's language."""
        return language.lang_of(words, self.language)

    def lang_of_typed(self, words: str | None) -> str | None:
        """As `lang_of`, for what readers write themselves."""
        return language.lang_of_typed(words, self.language)

    @property
    def has_readings(self) -> bool:
        return language.has_readings(self.language)

    @property
    def writes_han(self) -> bool:
        return language.writes_han(self.language)

    def static(self, path: str) -> str:
        return static_url(path)

    def has_page(self, page: str) -> bool:
        return page in self.ward.pages

    @property
    def notices(self) -> list[Notice]:
        """What the ward's staff have to say today."""
        today = clock.today_in_japan()
        every = self.ward.profile.notices if self.ward.profile else []
        return [each for each in every if each.since <= today <= each.until]

    def marker(self, status: str) -> str:
        return marker(Status(status))

    def reason(self, code: str) -> str:
        """Why a report was declined."""
        return self.t(f"site.reason.{code}")

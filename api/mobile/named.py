"""How reports, photos, places and sign-ins are named in an address."""

from typing import Annotated

from fastapi import Path, Query

from nerirepo.words.fields import Uuid, Uuid7

PhotoId = Annotated[Uuid7, Path(alias="photo_id", description="Made by the client: a UUID of version 7")]
NewReportId = Annotated[Uuid7, Path(alias="report_id", description="Made by the client: a UUID of version 7")]
ReportName = Annotated[
    str, Path(alias="report_id", max_length=64, description="id, or number such as NR-2026-000123")
]
ChallengeId = Annotated[Uuid, Path(alias="challenge_id", description="As `POST /v1/sign-in` answered")]
Latitude = Annotated[float, Query(ge=-90, le=90, allow_inf_nan=False, description="WGS 84, degrees")]
Longitude = Annotated[float, Query(ge=-180, le=180, allow_inf_nan=False, description="WGS 84, degrees")]
Expires = Annotated[int, Query(description="Of the address that we gave: seconds since 1970")]
Signature = Annotated[str, Query(description="Of the address that we gave: take it as it is")]

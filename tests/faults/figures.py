"""What was measured in each case? A line of JSON each in the file that `FAULTS_FIGURES` names, if it does."""

import json
import logging
import os
from typing import Any

log = logging.getLogger(__name__)


def note(**figures: Any) -> None:
    """Write figures down beside the name of the case that runs."""
    log.info("%s", figures)
    if file := os.environ.get("FAULTS_FIGURES"):
        case = os.environ["PYTEST_CURRENT_TEST"].rpartition("::")[2].partition(" (")[0]
        with open(file, "a", encoding="utf-8") as lines:  # one write, so that processes do not mix theirs
            lines.write(json.dumps({"case": case} | figures, ensure_ascii=False) + "\n")

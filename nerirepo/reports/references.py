"""What an action names must exist: a department, a colleague, a manager, another report."""

from nerirepo.base.errors import FieldFault, Invalid


class ReferenceUnknown(Invalid):
    """The action names something that does not exist."""

    code = "reference_unknown"


def unknown(field: str, value: str, code: str = "reference_unknown") -> ReferenceUnknown:
    """The error to raise for one field. `code` tells how it does not fit."""
    return ReferenceUnknown(faults=(FieldFault(field, code, value),))

"""Time zones by the cities people know them by; any other IANA name is accepted too."""

import zoneinfo
from datetime import datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

CITIES = {
    "Pacific/Honolulu": _("Honolulu"),
    "America/Anchorage": _("Anchorage"),
    "America/Los_Angeles": _("Los Angeles, Vancouver"),
    "America/Denver": _("Denver"),
    "America/Chicago": _("Chicago"),
    "America/Mexico_City": _("Mexico City"),
    "America/New_York": _("New York, Toronto"),
    "America/Bogota": _("Bogotá, Lima"),
    "America/Santiago": _("Santiago"),
    "America/Sao_Paulo": _("São Paulo"),
    "America/Argentina/Buenos_Aires": _("Buenos Aires"),
    "UTC": _("Coordinated Universal Time"),
    "Europe/London": _("London, Lisbon"),
    "Europe/Berlin": _("Berlin, Paris, Rome"),
    "Africa/Lagos": _("Lagos"),
    "Africa/Johannesburg": _("Johannesburg"),
    "Europe/Athens": _("Athens, Helsinki"),
    "Africa/Cairo": _("Cairo"),
    "Europe/Istanbul": _("Istanbul"),
    "Europe/Moscow": _("Moscow"),
    "Africa/Nairobi": _("Nairobi"),
    "Asia/Riyadh": _("Riyadh"),
    "Asia/Tehran": _("Tehran"),
    "Asia/Dubai": _("Dubai"),
    "Asia/Karachi": _("Karachi"),
    "Asia/Kolkata": _("Delhi, Mumbai"),
    "Asia/Dhaka": _("Dhaka"),
    "Asia/Yangon": _("Yangon"),
    "Asia/Bangkok": _("Bangkok, Hanoi"),
    "Asia/Jakarta": _("Jakarta"),
    "Asia/Shanghai": _("Beijing, Shanghai"),
    "Asia/Urumqi": _("Ürümqi"),
    "Asia/Hong_Kong": _("Hong Kong, Macao"),
    "Asia/Taipei": _("Taipei"),
    "Asia/Singapore": _("Singapore, Kuala Lumpur"),
    "Asia/Manila": _("Manila"),
    "Australia/Perth": _("Perth"),
    "Asia/Tokyo": _("Tokyo"),
    "Asia/Seoul": _("Seoul"),
    "Australia/Sydney": _("Sydney, Melbourne"),
    "Pacific/Auckland": _("Auckland"),
}


def validate(name: str) -> None:
    """Raise ValidationError unless `name` is an IANA time zone this machine knows."""
    if name not in zoneinfo.available_timezones():
        raise ValidationError(
            _("“%(name)s” is not a known time zone; write it like Asia/Shanghai."),
            params={"name": name},
            code="unknown_zone",
        )


def known(name: str) -> zoneinfo.ZoneInfo | None:
    """The zone of that name; None for no name, or one this machine has never heard of."""
    try:
        return zoneinfo.ZoneInfo(name) if name else None
    except zoneinfo.ZoneInfoNotFoundError:
        return None  # the zone was valid when chosen; a machine without it still has to answer


def choices(at: datetime, current: str) -> list[tuple[str, str]]:
    """Zones to choose from, west to east by offset at `at`; `current` is always among them."""
    names = CITIES if not current or current in CITIES else [*CITIES, current]
    zones = sorted((at.astimezone(zoneinfo.ZoneInfo(name)).utcoffset(), name) for name in names)
    return [(name, _label(name, at)) for _offset, name in zones]


def _label(name: str, at: datetime) -> str:
    offset = at.astimezone(zoneinfo.ZoneInfo(name)).strftime("%z")
    return gettext("%(city)s (UTC%(offset)s)") % {
        "city": CITIES.get(name, name),
        "offset": f"{offset[:3]}:{offset[3:5]}",
    }

"""The one way in which a list leaves the product as a file."""

from django.http import HttpRequest, StreamingHttpResponse
from django.utils import timezone, translation

from staff.sheets import Sheet, csv_lines
from staff.workbooks import xlsx_blocks

CSV, XLSX = "csv", "xlsx"
# What `as` may say, with the type of the file.
ENDINGS = {
    CSV: "text/csv",
    XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def download(request: HttpRequest, sheet: Sheet) -> StreamingHttpResponse:
    """All rows of the sheet as CSV, or as XLSX where the address says `as=xlsx`.

    In the language and time zone of whoever asks; rows are sent as they are read.
    """
    language, zone = translation.get_language() or "en", timezone.get_current_timezone()
    if request.GET.get("as") == XLSX:
        response = StreamingHttpResponse(
            xlsx_blocks(sheet, language=language, zone=zone), content_type=ENDINGS[XLSX]
        )
        ending = XLSX
    else:
        lines = csv_lines(sheet, language=language, zone=zone)
        response = StreamingHttpResponse(lines, content_type=f"{ENDINGS[CSV]}; charset=utf-8")
        ending = CSV
    name = f"{sheet.name}-{timezone.localdate(timezone.now()):%Y-%m-%d}.{ending}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Accel-Buffering"] = "no"  # a proxy in front passes rows on as they come
    return response

"""Imports as the API shows them, and what is sent about them."""

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from orders.imports.enums import Kind, RunState
from orders.imports.lifecycle.files import MOST_FILES
from orders.models import ImportFile, ImportRun
from staff.api.fields import ID
from staff.api.people import WhoSerializer


@extend_schema_field(OpenApiTypes.OBJECT)
class MapField(serializers.DictField):
    """Texts by their names."""


class FirstRowSerializer(serializers.Serializer):
    """One of the first rows as it was understood, its values by what they mean."""

    line = serializers.IntegerField()
    bad = serializers.BooleanField(help_text="Whether something is wrong with it.")
    values = serializers.DictField(child=serializers.CharField())


class ImportFileSerializer(serializers.ModelSerializer):
    """A file of an import. `columns` maps what we need to the headers of the file.

    Once it was checked there are its first rows, and where rows are bad a file of these.
    """

    first_rows = FirstRowSerializer(many=True)
    bad_rows = serializers.BooleanField(source="rejected", help_text="Whether there is that file.")

    class Meta:
        model = ImportFile
        fields = (
            "id",
            "name",
            "size",
            "kind",
            "encoding",
            "delimiter",
            "headers",
            "columns",
            "first_rows",
            "bad_rows",
        )
        extra_kwargs = {"headers": {"help_text": "The first row of the file."}}


class ImportSummarySerializer(serializers.ModelSerializer):
    """An import in a list. `found`, `skipped`, `left_out`, `written` count rows by what they are.

    With `good_rows` the bad rows are left out.
    """

    state = serializers.ChoiceField(RunState.choices)
    created_by = WhoSerializer()

    class Meta:
        model = ImportRun
        fields: tuple[str, ...] = (
            "id",
            "state",
            "created_by",
            "created_at",
            "started_at",
            "ended_at",
            "found",
            "skipped",
            "good_rows",
            "left_out",
            "written",
            "problem_count",
        )


class StageSerializer(serializers.Serializer):
    """How far a worker is; a total of 0 is not known."""

    phase = serializers.CharField()
    done = serializers.IntegerField()
    total = serializers.IntegerField()


class ImportProblemSerializer(serializers.Serializer):
    """Why a row, or with line 0 a whole file, cannot be imported."""

    code = serializers.CharField()
    file = serializers.CharField(allow_blank=True)
    line = serializers.IntegerField()
    column = serializers.CharField(allow_blank=True)
    value = serializers.CharField(allow_blank=True)
    what = serializers.CharField()
    advice = serializers.CharField(allow_blank=True)


class ImportSerializer(ImportSummarySerializer):
    """One import as far as it is, with the first of its problems."""

    files = ImportFileSerializer(many=True)
    options = MapField(source="choices")
    stage = StageSerializer(allow_null=True)
    problems = ImportProblemSerializer(many=True, source="read_problems")
    unknown_words = serializers.ListField(
        child=serializers.CharField(), help_text="Status words that nobody explained yet."
    )

    class Meta(ImportSummarySerializer.Meta):
        fields = (
            *ImportSummarySerializer.Meta.fields,
            "files",
            "options",
            "stage",
            "problems",
            "unknown_words",
        )


class UploadIn(serializers.Serializer):
    """Files that belong together, CSV or XLSX."""

    uploads = serializers.ListField(
        child=serializers.FileField(max_length=200, allow_empty_file=True),
        min_length=1,
        max_length=MOST_FILES,
    )


class FileIn(serializers.Serializer):
    """What a file holds and what its columns mean; what is left out stays."""

    id = serializers.IntegerField(**ID)
    kind = serializers.ChoiceField(Kind.choices, required=False)
    encoding = serializers.CharField(max_length=12, required=False)
    delimiter = serializers.CharField(max_length=3, allow_blank=True, required=False)
    columns = MapField(child=serializers.CharField(max_length=200), required=False)


class DescribeIn(serializers.Serializer):
    """What the files hold, and the options that are to be changed, as the import shows them."""

    files = serializers.ListField(child=FileIn(), max_length=MOST_FILES, default=list)
    options = MapField(child=serializers.JSONField(), default=dict)


class WriteIn(serializers.Serializer):
    """Whether bad rows are left out; what was begun so is gone on with."""

    good_rows = serializers.BooleanField(default=False)

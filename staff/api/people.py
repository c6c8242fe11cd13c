"""People and departments as the API names them."""

from rest_framework import serializers


class WhoSerializer(serializers.Serializer):
    """A person, or the service user of a key."""

    id = serializers.IntegerField()
    name = serializers.CharField(source="display_name")


class DepartmentSerializer(serializers.Serializer):
    """A department."""

    id = serializers.IntegerField()
    code = serializers.CharField()
    name = serializers.CharField()

"""What is sent about many a thing."""

from rest_framework import serializers


class ReasonIn(serializers.Serializer):
    """Why: it is kept."""

    reason = serializers.CharField(max_length=1000)

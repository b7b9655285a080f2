"""The API's jobs."""

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from drf_spectacular.utils import extend_schema_field
from rest_framework import mixins, serializers, viewsets
from rest_framework.permissions import IsAuthenticated

from core.models import Job


class JobSerializer(serializers.ModelSerializer[Job]):
    id = serializers.UUIDField(source="uuid", read_only=True)
    result = serializers.SerializerMethodField(help_text="Address of the file, once there is one.")

    class Meta:
        model = Job
        fields = ["id", "kind", "state", "done", "total", "message", "result", "created_at", "finished_at"]
        read_only_fields = fields

    @extend_schema_field(serializers.URLField(allow_null=True))
    def get_result(self, job: Job) -> str | None:
        if job.file is None:
            return None
        path = reverse("file_download", args=[job.file.uuid])
        request = self.context.get("request")
        return str(request.build_absolute_uri(path)) if request else path


class JobViewSet(mixins.RetrieveModelMixin, viewsets.GenericViewSet[Job]):
    """A job of the caller's: how far it is and what came of it. The jobs of others aren't there."""

    serializer_class = JobSerializer
    permission_classes = [IsAuthenticated]
    queryset = Job.objects.none()
    lookup_field = "uuid"
    lookup_url_kwarg = "id"
    lookup_value_regex = "[0-9a-f-]{36}"

    def get_queryset(self) -> QuerySet[Job]:
        user: Any = self.request.user
        return (
            Job.objects.filter(owner=user).select_related("file") if user.is_authenticated else self.queryset
        )

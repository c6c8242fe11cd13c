from approvals.matrix.models import MatrixVersion
from approvals.models.limit_change import LimitChange
from approvals.models.message import Message
from approvals.models.request import ApprovalRequest
from approvals.models.seat import Answer, Seat

__all__ = ["Answer", "ApprovalRequest", "LimitChange", "MatrixVersion", "Message", "Seat"]

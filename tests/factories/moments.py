"""Fixed moments, so that no test depends on the hour at which it runs."""

from datetime import UTC, datetime, timedelta

# Nine in the morning of Monday, 2 March 2026, in UTC; five in the afternoon in Shanghai.
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
EARLIER = NOW - 5 * DAY

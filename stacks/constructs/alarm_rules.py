"""Every way in which something can be wrong: the thresholds of all alarms, and why they are those.

A threshold may be of a share: then what is watched says of what, as a function of its timeout.
"""

from typing import Final

from stacks.constructs.alarm_rule import Rule

LAMBDA: Final = "AWS/Lambda"
API: Final = "AWS/ApiGateway"
TABLES: Final = "AWS/DynamoDB"
QUEUES: Final = "AWS/SQS"
STATES: Final = "AWS/States"
BALANCERS: Final = "AWS/ApplicationELB"
CONTAINERS: Final = "AWS/ECS"
INSIGHTS: Final = "ECS/ContainerInsights"
BACKUPS: Final = "AWS/Backup"
IN_A_DAY: Final = 1440

API_FAILS: Final = Rule(
    heading="The control API fails",
    means="one call in twenty was answered 5xx, for ten minutes",
    first="see which function fails.",
    namespace=API,
    metrics=("5XXError",),
    statistic="Average",
    threshold=0.05,
    times=2,
    why="a single failure among few calls is no outage; twice in a row it is",
)
API_IS_SLOW: Final = Rule(
    heading="The control API is slow",
    means="one call in twenty took over five seconds, for a quarter of an hour",
    first="see which function is slow.",
    namespace=API,
    metrics=("Latency",),
    statistic="p95",
    threshold=5000,
    times=3,
    why="a cold start takes up to three seconds; people wait five at most",
)
AUTHORIZER_FAILS: Final = Rule(
    heading="The authorizer fails",
    means="it failed while it looked at a credential, and that call was refused",
    first="read its log; while it fails nobody is let in.",
    namespace=LAMBDA,
    metrics=("Errors",),
    statistic="Sum",
    threshold=1,
    why="wrong credentials are no errors, so there is never a harmless one",
)
FUNCTION_FAILS: Final = Rule(
    heading="A function fails",
    means="it ended with an error or by its timeout, five times in five minutes",
    first="read its log.",
    namespace=LAMBDA,
    metrics=("Errors",),
    statistic="Sum",
    threshold=5,
    why="one or two come of a service that stutters, and are tried again",
)
FUNCTION_IS_THROTTLED: Final = Rule(
    heading="A function is throttled",
    means="calls were refused, as more of it would run at once than may",
    first="compare the account's quota of concurrent executions with what runs.",
    namespace=LAMBDA,
    metrics=("Throttles",),
    statistic="Sum",
    threshold=1,
    why="each is a call that somebody had refused",
)
FUNCTION_IS_SLOW: Final = Rule(
    heading="A function is near its timeout",
    means="a run took nine tenths of the time that it may",
    first="read the log of that run.",
    namespace=LAMBDA,
    metrics=("Duration",),
    statistic="Maximum",
    threshold=0.9,  # of its timeout
    why="the next one that is a little slower is cut off",
)
CLOCK_STANDS: Final = Rule(
    heading="A scheduled function does not run",
    means="three of its times passed and it wasn't called",
    first="see whether its rule is enabled.",
    namespace=LAMBDA,
    metrics=("Invocations",),
    statistic="Sum",
    threshold=1,
    below=True,
    times=3,
    missing="breaching",
    why="once can be late; what isn't called reports nothing, so missing values count",
)
TABLES_THROTTLE: Final = Rule(
    heading="Tables throttle",
    means="DynamoDB refused requests to a table for now",
    first="see which table, and whether one key gets most requests.",
    namespace=TABLES,
    metrics=("ThrottledRequests",),
    statistic="Sum",
    threshold=10,
    why="tables on demand refuse a few while they grow; those are tried again",
)
TABLES_FAIL: Final = Rule(
    heading="Tables fail",
    means="DynamoDB itself failed",
    first="look at the AWS Health Dashboard.",
    namespace=TABLES,
    metrics=("SystemErrors",),
    statistic="Sum",
    threshold=5,
    why="a few are normal and tried again",
)
WORK_WAITS: Final = Rule(
    heading="Work waits too long",
    means="a message has waited for an hour",
    first="see whether the function that it feeds fails or is throttled.",
    namespace=QUEUES,
    metrics=("ApproximateAgeOfOldestMessage",),
    statistic="Maximum",
    threshold=3600,
    why="messages are taken within seconds; one that failed comes again after an hour and a half",
)
WORK_GIVEN_UP: Final = Rule(
    heading="Work was given up",
    means="a message failed five times and lies beside the queue for two weeks",
    first="read what it says, and the function's log of that time.",
    namespace=QUEUES,
    metrics=("ApproximateNumberOfMessagesVisible",),
    statistic="Maximum",
    threshold=1,
    why="each is a document that nobody works on any more",
)
WORKFLOW_FAILS: Final = Rule(
    heading="A workflow fails",
    means="a run failed or took too long; what it had begun was taken back",
    first="look at the run's history.",
    namespace=STATES,
    metrics=("ExecutionsFailed", "ExecutionsTimedOut"),
    expression="FILL({ExecutionsFailed}, 0) + FILL({ExecutionsTimedOut}, 0)",
    statistic="Sum",
    threshold=1,
    why="somebody waits for the outcome of each",
)
FEW_ARE_HEALTHY: Final = Rule(
    heading="Too few tasks are healthy",
    means="its balancer finds fewer healthy tasks than a lost zone leaves room for",
    first="look at the events of the service.",
    namespace=BALANCERS,
    metrics=("HealthyHostCount",),
    statistic="Minimum",
    threshold=2,
    below=True,
    minutes=1,
    times=3,
    missing="breaching",
    why="with one left the next loss is an outage; a replaced task takes less than three minutes",
)
SERVICE_FAILS: Final = Rule(
    heading="A service fails",
    means="its tasks answered 5xx to one call in twenty, for ten minutes",
    first="see in its log which calls.",
    namespace=BALANCERS,
    metrics=("HTTPCode_Target_5XX_Count", "RequestCount"),
    expression="IF({RequestCount} >= 20, FILL({HTTPCode_Target_5XX_Count}, 0) / {RequestCount}, 0)",
    statistic="Sum",
    threshold=0.05,
    times=2,
    why="a share tells an outage at any load; of less than twenty calls it says nothing",
)
BALANCER_FAILS: Final = Rule(
    heading="A balancer fails",
    means="it answered 5xx by itself: no task took the call, or one broke it off",
    first="see whether tasks are healthy.",
    namespace=BALANCERS,
    metrics=("HTTPCode_ELB_5XX_Count",),
    statistic="Sum",
    threshold=5,
    why="one or two come of a task that goes away; callers try those again",
)
SERVICE_IS_SLOW: Final = Rule(
    heading="A service is slow",
    means="one call in twenty got no first byte within a minute, for a quarter of an hour",
    first="see in its log of calls which model is slow.",
    namespace=BALANCERS,
    metrics=("TargetResponseTime",),
    statistic="p95",
    threshold=60,
    times=3,
    why="long answers that aren't streamed take tens of seconds; a minute is no normal one",
)
TASKS_ARE_MISSING: Final = Rule(
    heading="Tasks are missing",
    means="for a quarter of an hour fewer tasks ran than are wanted",
    first="look at the events of the service.",
    namespace=INSIGHTS,
    metrics=("DesiredTaskCount", "RunningTaskCount"),
    expression="{DesiredTaskCount} - {RunningTaskCount}",
    statistic="Minimum",
    threshold=1,
    times=3,
    why="a machine and its task start within ten minutes",
)
TASKS_ARE_BUSY: Final = Rule(
    heading="Tasks are busy",
    means="tasks used nine tenths of their processors, for a quarter of an hour",
    first="see whether there are as many as there may be.",
    namespace=CONTAINERS,
    metrics=("CPUUtilization",),
    statistic="Average",
    threshold=90,
    times=3,
    why="long before that there should have been more of them",
)
MEMORY_IS_SHORT: Final = Rule(
    heading="Memory is short",
    means="a task used nine tenths of its memory, for a quarter of an hour",
    first="see whether it grows or has come to stay.",
    namespace=CONTAINERS,
    metrics=("MemoryUtilization",),
    statistic="Maximum",
    threshold=90,
    times=3,
    why="at all of it the task is killed with every call in it",
)
BACKUP_FAILS: Final = Rule(
    heading="A backup fails",
    means="a copy of a table could not be made",
    first="read why in the list of failed jobs.",
    namespace=BACKUPS,
    metrics=("NumberOfBackupJobsFailed",),
    statistic="Sum",
    threshold=1,
    minutes=60,
    why="the next try is a day away",
)
BACKUP_IS_MISSING: Final = Rule(
    heading="Backups are missing",
    means="for two days no copy of any table was completed",
    first="see whether the plan runs; before its first night this means nothing.",
    namespace=BACKUPS,
    metrics=("NumberOfBackupJobsCompleted",),
    statistic="Sum",
    threshold=1,
    below=True,
    minutes=IN_A_DAY,
    times=2,
    missing="breaching",
    why="a plan that never begins fails nothing",
)
# In the templates of models' own stacks.
REPLICA_IS_UNWELL: Final = Rule(
    heading="A replica of a model is unwell",
    means="its balancer finds a replica unhealthy, for five minutes",
    first="read the engine's log.",
    namespace=BALANCERS,
    metrics=("UnHealthyHostCount",),
    statistic="Maximum",
    threshold=1,
    minutes=1,
    times=5,
    why="one that comes and one that goes are unwell for less",
)
MODEL_FAILS: Final = Rule(
    heading="A model fails",
    means="its replicas answered 5xx to ten calls a minute, for five minutes",
    first="read the engine's log.",
    namespace=BALANCERS,
    metrics=("HTTPCode_Target_5XX_Count",),
    statistic="Sum",
    threshold=10,
    minutes=1,
    times=5,
    why="an engine under load refuses single calls, which the gateway sends elsewhere",
)

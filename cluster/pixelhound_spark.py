"""Reads captures on a Spark cluster: every worker calls the same pixelhound that a reporter runs on a laptop.

    spark-submit pixelhound_spark.py captures/ --parts parts --out dataset --pixelhound ./pixelhound
    spark-submit pixelhound_spark.py --manifest captures.csv --parts s3://bucket/parts --out dataset

What one capture yields, its part, is small and needs no other capture. Parts are made on the cluster, in rounds that are
skipped when the job is run again, and kept as Parquet. What needs several captures comes after:

    captures -- read --> parts -- families, compare --> captures without repeats -- judge --> pages -- SQL --> tables

Whatever is judged is judged by pixelhound (the stages read, compare, judge), and whatever is counted by SQL that pixelhound
gives, which is also what an ordinary run counts by. Spark moves rows, joins and groups. README.md says what bounds it.
"""

import argparse
import csv
import functools
import hashlib
import io
import itertools
import json
import os
import re
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

import pyarrow as pa
import pyarrow.dataset
import pyarrow.fs
import pyarrow.ipc

# What the worker is sent, one row a capture.
JOB = pa.schema(
    [(name, pa.string()) for name in ("capture_id", "uri", "path", "failure", "volunteer", "wave", "note")]
    + [("content", pa.binary())]
)

# How often a capture may take its worker with it before it is given up.
ATTEMPTS = 2

# What stands in an unfinished dataset, so that no other is finished in its place.
MARK = ".unfinished.json"

# As many rows are sent together where nothing says which belong together.
BUNDLE = 1024


class GivenUp(Exception):
    """Every worker that was given something died over it."""


class Worker:
    """A pixelhound that answers one batch after the other, and is started again when it dies."""

    def __init__(self, command, columns, made_by, seconds):
        self.command = command
        self.columns = columns
        self.made_by = made_by
        self.seconds = seconds
        self.process = None

    def start(self):
        self.process = subprocess.Popen(self.command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.sender = pa.ipc.new_stream(self.process.stdin, self.columns)
        self.answers = None

    def ask(self, batch, what):
        """The answer to a batch. Where a worker dies or is too slow over it, it is asked again; then it is given up."""
        for attempt in range(ATTEMPTS):
            try:
                return self.ask_once(batch)
            except (pa.ArrowException, OSError, StopIteration, ValueError) as error:
                self.stop()
                death = f"the worker died over it, or took longer than {self.seconds} seconds ({attempt + 1} times)"
                print(f"pixelhound_spark: {what}: {death}: {error!r}", file=sys.stderr)
        raise GivenUp(death)

    def ask_once(self, batch):
        if self.process is None:
            self.start()
        alarm = threading.Timer(self.seconds, self.process.kill)
        alarm.start()
        try:
            self.sender.write_batch(batch)
            self.process.stdin.flush()
            # Not before something was written: until then the worker does not know that a stream has begun.
            self.answers = self.answers or self.first_answer()
            return self.answers.read_next_batch()
        finally:
            alarm.cancel()

    def first_answer(self):
        answers = pa.ipc.open_stream(self.process.stdout)
        if answers.schema.metadata != self.made_by:
            raise RuntimeError("pixelhound, its options or its rules are not the same on this machine as on the driver")
        return answers

    def stop(self):
        """Ends the worker, whatever state it is in."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None


# The parts of captures.


def part_of(worker, job):
    """The part of a capture; of one that takes every worker with it, the part that says so."""

    def ask(job):
        return worker.ask(pa.RecordBatch.from_pylist([job], schema=JOB), job["uri"])

    try:
        return ask(job)
    except GivenUp as death:
        names = ("capture_id", "uri", "volunteer", "wave", "note")
        return ask({**{name: job[name] for name in names}, "failure": str(death)})


def with_content(job):
    """The job with what the worker can read: a local path as it is, an object's content."""
    path = job["path"]
    if path is None or "://" not in path:
        return job
    filesystem, name = pyarrow.fs.FileSystem.from_uri(path)
    try:
        with filesystem.open_input_stream(name, compression=None) as stream:
            return {**job, "path": None, "content": stream.read()}
    except FileNotFoundError as error:
        # Anything else (no network, no permission) fails the task, and Spark tries again.
        return {**job, "path": None, "failure": f"the object is not there: {error}"}


def reader(command, made_by, seconds):
    """What Spark calls on each partition of the manifest."""

    def read(batches):
        worker = Worker(command, JOB, made_by, seconds)
        try:
            for batch in batches:
                for row in batch.to_pylist():
                    job = {name: row.get(name) for name in JOB.names}
                    yield part_of(worker, with_content(job))
        finally:
            worker.stop()

    return read


def columns_of(command, columns):
    """The columns of a stage's answer, by asking a worker about nothing."""
    nothing = io.BytesIO()
    pa.ipc.new_stream(nothing, columns).close()
    answer = subprocess.run(command, input=nothing.getvalue(), stdout=subprocess.PIPE, check=True)
    return pa.ipc.open_stream(answer.stdout).schema


def manifest_of(arguments):
    """The captures as rows: capture_id, uri, path, bytes, and volunteer, wave, note where the manifest has them."""
    if arguments.manifest:
        text = Path(arguments.manifest).read_text(encoding="utf-8")
    else:
        text = output_of([arguments.pixelhound, "worker", "--list", *arguments.inputs])
    rows = [{name: value or None for name, value in row.items()} for row in csv.DictReader(io.StringIO(text))]
    ids = {row["capture_id"] for row in rows}
    if len(ids) != len(rows) or None in ids:
        sys.exit("pixelhound_spark: every row of the manifest needs a capture_id of its own")
    if not rows:
        sys.exit("pixelhound_spark: the manifest names no capture")
    return sorted(rows, key=lambda row: row["capture_id"])


def output_of(command, lines=()):
    """What a command prints that is told something, a JSON value a line."""
    with tempfile.TemporaryFile("w+") as told:
        for line in lines:
            told.write(json.dumps(line) + "\n")
        told.seek(0)
        return subprocess.run(command, stdin=told, stdout=subprocess.PIPE, check=True, text=True).stdout


def dealt(rows, slots):
    """The rows with the number of their partition: largest first, back and forth, so that each gets as much to read."""
    largest_first = sorted(rows, key=lambda row: (-int(row.get("bytes") or 0), row["capture_id"]))
    for place, row in enumerate(largest_first):
        lap, slot = divmod(place, slots)
        yield {**row, "slot": slot if lap % 2 == 0 else slots - 1 - slot}


def read_round(spark, rows, slots, read, schema, place):
    """Reads some captures and keeps their parts; whole or not at all."""
    from pyspark.sql.types import IntegerType, StringType, StructField, StructType

    names = [name for name in JOB.names if name not in ("content", "failure")]
    columns = StructType([StructField(name, StringType()) for name in names] + [StructField("slot", IntegerType())])
    dealt_rows = [tuple(row.get(name) for name in [*names, "slot"]) for row in dealt(rows, slots)]
    jobs = spark.createDataFrame(dealt_rows, columns)
    # Keyed by the slot itself: hashing would put two slots into one partition and none into another.
    keyed = jobs.rdd.map(lambda row: (row["slot"], row)).partitionBy(slots, lambda slot: slot).values()
    spark.createDataFrame(keyed, columns).mapInArrow(read, schema).write.mode("overwrite").parquet(in_spark_words(place))


def spark_session(arguments):
    from pyspark.sql import SparkSession

    builder = SparkSession.builder.appName("pixelhound")
    if arguments.master:
        builder = builder.master(arguments.master)
        # Without it Spark may call another Python, which has no pyarrow.
        os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    spark = builder.getOrCreate()
    # A row is a capture's path: a few together are no burden, and one at a time reaches the worker anyway.
    spark.conf.set("spark.sql.execution.arrow.maxRecordsPerBatch", "64")
    # Spark's own 200 are too few for a large cluster, and for a small one mostly starting and ending.
    spark.conf.set("spark.sql.shuffle.partitions", str(arguments.slots or slots_of(spark)))
    return spark


def slots_of(spark):
    """As many partitions as keep all cores busy to the end, where some take longer than others."""
    return spark.sparkContext.defaultParallelism * 4


def spark_schema(columns):
    from pyspark.sql.pandas.types import from_arrow_schema

    return from_arrow_schema(columns)


def read_all(arguments, command, rows, spark):
    """Reads every round that is not there yet, and gives the folders of all."""
    columns = columns_of(command, JOB)
    read = reader(command, columns.metadata, arguments.seconds)
    size = arguments.round
    rounds = [rows[start : start + size] for start in range(0, len(rows), size)]
    places = [f"{arguments.parts}/round-{number:05}" for number in range(len(rounds))]
    for rows_of_round, place in zip(rounds, places):
        if is_there(f"{place}/_SUCCESS"):
            print(f"pixelhound_spark: {place} is there", file=sys.stderr)
            continue
        slots = min(len(rows_of_round), arguments.slots or slots_of(spark()))
        read_round(spark(), rows_of_round, slots, read, spark_schema(columns), place)
    return places


def filesystem_of(place):
    """Its file system and its name there; a path without a scheme is a local one."""
    if "://" in place:
        return pyarrow.fs.FileSystem.from_uri(place)
    return pyarrow.fs.LocalFileSystem(), str(Path(place).absolute())


def in_spark_words(place):
    """The place as Spark finds it whatever its own file system is."""
    return place if "://" in place else f"file://{Path(place).absolute()}"


def is_there(place):
    filesystem, name = filesystem_of(place)
    return filesystem.get_file_info(name).type == pyarrow.fs.FileType.File


def kept_record(folder, name, record):
    """Refuses to add to what was made by another version, other rules or of another list of captures."""
    filesystem, inside = filesystem_of(folder)
    filesystem.create_dir(inside)
    if is_there(f"{folder}/{name}"):
        with filesystem.open_input_stream(f"{inside}/{name}") as stream:
            if json.loads(stream.read()) != record:
                sys.exit(
                    f"pixelhound_spark: {folder} holds what another version, other options, rules or captures gave; "
                    "name another folder"
                )
    else:
        with filesystem.open_output_stream(f"{inside}/{name}") as stream:
            stream.write(json.dumps(record).encode())


# All parts to one dataset on the driver, by `pixelhound merge`.


def write_shard(places, schema, record, ids, folder):
    """Puts the parts of all rounds into one shard, batch by batch, and counts: every capture must be there once."""
    missing, states = set(ids), {}
    with open(folder / "parts.arrow", "wb") as out, pa.ipc.new_stream(out, schema) as stream:
        for place in places:
            filesystem, name = filesystem_of(place)
            parts = pyarrow.dataset.dataset(name, filesystem=filesystem, format="parquet")
            for batch in parts.to_batches(batch_size=64):
                for part in batch.select(["input_id", "captures"]).to_pylist():
                    if part["input_id"] not in missing:
                        sys.exit(f"pixelhound_spark: capture {part['input_id']} is there twice, or in no manifest")
                    missing.remove(part["input_id"])
                    for capture in part["captures"]:
                        state = capture["row"]["state"]
                        states[state] = states.get(state, 0) + 1
                columns = [batch.column(name) for name in schema.names]
                stream.write_batch(pa.RecordBatch.from_arrays(columns, schema=schema))
    if missing:
        sys.exit(f"pixelhound_spark: {len(missing)} of {len(ids)} captures are missing, such as {min(missing)}")
    with open(folder / "parts.arrow", "rb") as parts:
        record["parts_sha256"] = hashlib.file_digest(parts, "sha256").hexdigest()
    (folder / "shard.json").write_text(json.dumps(record), encoding="utf-8")
    print(f"pixelhound_spark: {len(ids)} in the manifest, read to {states}", file=sys.stderr)


def merge(arguments, places, record, ids):
    """Everything that `analyse` writes, byte for byte, where the rows of all captures fit into the driver's memory."""
    columns = pyarrow_columns(places[0])
    with tempfile.TemporaryDirectory() as folder:
        write_shard(places, columns, record, ids, Path(folder))
        return subprocess.run([arguments.pixelhound, "merge", folder, "--out", arguments.out]).returncode


def pyarrow_columns(place):
    """The columns as Parquet has them: their names are the worker's, and their types mean the same."""
    filesystem, name = filesystem_of(place)
    return pyarrow.dataset.dataset(name, filesystem=filesystem, format="parquet").schema.remove_metadata()


# All parts to one dataset on the cluster.


def runs(batches, name):
    """The rows that stand together and say the same in a column, each such run as one table."""
    held, last = [], None
    for batch in batches:
        said = batch.column(name).to_pylist()
        starts = [at for at in range(len(said)) if at == 0 or said[at] != said[at - 1]]
        for start, end in zip(starts, [*starts[1:], len(said)]):
            if held and said[start] != last:
                yield pa.Table.from_batches(held)
                held = []
            held.append(batch.slice(start, end - start))
            last = said[start]
    if held:
        yield pa.Table.from_batches(held)


def bundles(tables):
    """Tables put together until they are worth sending."""
    held, rows = [], 0
    for table in tables:
        held.append(table)
        rows += table.num_rows
        if rows >= BUNDLE:
            yield pa.concat_tables(held)
            held, rows = [], 0
    if held:
        yield pa.concat_tables(held)


def one_batch(table, names):
    """A table as one batch of some of its columns."""
    chosen = table.select(names).combine_chunks()
    arrays = [column.chunk(0) if column.num_chunks else pa.array([], column.type) for column in chosen.columns]
    return pa.RecordBatch.from_arrays(arrays, schema=chosen.schema)


def stage(arguments, name):
    """The command of a stage. The inputs say where the sheet is."""
    return [arguments.pixelhound, "worker", *arguments.option, "--stage", name, *arguments.inputs]


def answered(groups, names, command, made_by, seconds):
    """The answers of a stage to groups of rows."""
    worker = None
    try:
        for group in groups:
            batch = one_batch(group, names)
            worker = worker or Worker(command, batch.schema, made_by, seconds)
            yield worker.ask(batch, f"{batch.num_rows} rows")
    finally:
        if worker is not None:
            worker.stop()


def comparer(names, command, made_by, seconds):
    """What Spark calls on each partition of families of parts."""

    def compare(batches):
        yield from answered(runs(batches, "family"), names, command, made_by, seconds)

    return compare


def judge_of_pages(names, command, made_by, seconds):
    """What Spark calls on each partition of pages. The place of each is told, so that they can be numbered."""

    def judge(batches):
        from pyspark import TaskContext

        partition, place = TaskContext.get().partitionId(), 0
        for answer in answered(bundles(runs(batches, "key")), names, command, made_by, seconds):
            places = pa.array(range(place, place + answer.num_rows), pa.int64())
            place += answer.num_rows
            partitions = pa.array([partition] * answer.num_rows, pa.int64())
            yield pa.RecordBatch.from_arrays(
                [*answer.columns, partitions, places], names=[*answer.schema.names, "partition", "place"]
            )

    return judge


def families(parts):
    """Which parts have to be compared with one another: those that share something, be it by way of others. Each family is
    called by the smallest input in it; a part that shares nothing with any other is in none."""
    from pyspark.sql import functions as f

    traces = f.flatten("captures.traces")
    links = parts.select("input_id", f.explode(f.array_distinct(f.concat("kin", traces))).alias("tie"))
    shared = links.groupBy("tie").count().where("count > 1").select("tie")
    links = links.join(shared, "tie").persist()
    family = links.select("input_id", f.col("input_id").alias("family")).distinct()
    while True:
        of_tie = links.join(family, "input_id").groupBy("tie").agg(f.min("family").alias("family"))
        nearer = links.join(of_tie, "tie").groupBy("input_id").agg(f.min("family").alias("family")).localCheckpoint()
        before = family.withColumnRenamed("family", "before")
        has_moved = nearer.join(before, "input_id").where("family <> before").limit(1).count()
        family = nearer
        if not has_moved:
            return family


class Finish:
    """The dataset, table by table. What is there is not made again."""

    def __init__(self, arguments, spark, record, ids):
        self.arguments = arguments
        self.spark = spark
        self.record = record
        self.ids = ids
        plan = json.loads(output_of([arguments.pixelhound, "worker", "--tables"]))
        self.tables = {table["name"]: table for table in plan["tables"]}
        self.derived = {derived["name"]: derived["sql"] for derived in plan["derived"]}
        if not record["options"]["parameters"]:
            del self.tables["parameters"]

    def run(self, places):
        parts = self.spark.read.parquet(*map(in_spark_words, places))
        self.check_parts(parts)
        captures = self.kept("compared", lambda: self.compared(parts))
        pages = self.numbered(self.kept("judged", lambda: self.judged(captures)))
        self.write_all(captures, pages)
        self.check_tables()
        self.seal(parts)

    def kept(self, name, make):
        """What lies in a folder beside the parts; where it does not, it is made."""
        place = f"{self.arguments.parts}/{name}"
        if not is_there(f"{place}/_SUCCESS"):
            make().write.mode("overwrite").parquet(in_spark_words(place))
        return self.spark.read.parquet(in_spark_words(place))

    def check_parts(self, parts):
        """Every capture of the manifest has to be there, once."""
        manifest = self.spark.createDataFrame([(name,) for name in self.ids], "input_id string")
        missing = manifest.join(parts, "input_id", "left_anti").limit(1).collect()
        foreign = parts.join(manifest, "input_id", "left_anti").limit(1).collect()
        found = parts.count()
        if missing or foreign or found != len(self.ids):
            sys.exit(
                f"pixelhound_spark: {found} parts of {len(self.ids)} captures; missing such as {missing}, "
                f"in no manifest such as {foreign}"
            )

    # Comparing and judging.

    def compared(self, parts):
        """The captures, without what repeats: families come together, and each is compared in itself."""
        from pyspark.sql import functions as f

        whole = parts.join(families(parts), "input_id", "left")
        whole = whole.withColumn("family", f.coalesce("family", "input_id"))
        whole = whole.repartition("family").sortWithinPartitions("family", "path", "input_id")
        return self.by_stage(whole, "compare", comparer, parts.columns)

    def judged(self, captures):
        """Every page once, with its place in the order of all."""
        seen = captures.selectExpr("explode(pages) AS page").select("page.*")
        sorted_by_key = seen.repartitionByRange("key").sortWithinPartitions("key")
        places = [("partition", pa.int64()), ("place", pa.int64())]
        return self.by_stage(sorted_by_key, "judge", judge_of_pages, seen.columns, places)

    def by_stage(self, rows, name, caller, names, more=()):
        command = stage(self.arguments, name)
        columns = columns_of(command, self.arrow_columns(rows.select(*names)))
        take = caller(names, command, columns.metadata, self.arguments.seconds)
        answer = pa.schema([*columns.remove_metadata(), *more])
        return rows.mapInArrow(take, spark_schema(answer))

    @staticmethod
    def arrow_columns(rows):
        from pyspark.sql.pandas.types import to_arrow_schema

        return to_arrow_schema(rows.schema)

    def numbered(self, judged):
        """Pages are numbered as their keys sort, all numbers of one length."""
        counts = judged.groupBy("partition").count().orderBy("partition").collect()
        before, offsets = 0, []
        for row in counts:
            offsets.append((row["partition"], before))
            before += row["count"]
        offsets = self.spark.createDataFrame(offsets, "partition bigint, before bigint")
        number = f"lpad(CAST(place + before + 1 AS STRING), {len(str(before))}, '0')"
        joined = judged.join(offsets, "partition")
        return joined.selectExpr("key AS page_key", f"concat('page-', {number}) AS page_id", "row", "organisation")

    # Tables.

    def write_all(self, captures, pages):
        """Writes every table. Those that are worked out from others come after what they read."""
        rows = self.came_with(captures, pages)
        for name in ("captures", "contacts", "matches", "disclosures", "settings", "parameters"):
            if name in rows:
                self.write(name, rows[name])
        for name in ("pages", "organisations", "visits", "events"):
            rows[name].createOrReplaceTempView(name)
        rest = self.rest(captures)
        for name in ("problems", "searches", "vocabulary"):
            rows[name] = self.of_dicts(rest[name], name)
        rows["searches"].createOrReplaceTempView("searches")
        problems = captures.selectExpr("explode(problems) AS row")
        problems = self.declared(problems, "problems").unionByName(rows["problems"])
        self.write("problems", problems.distinct())
        self.write("vocabulary", rows["vocabulary"])
        for name, sql in self.derived.items():
            self.write(name, self.declared(self.spark.sql(in_spark(sql)), name, within="`{}`"))

    def came_with(self, captures, pages):
        """The rows of tables as pixelhound gave them, by the table's name."""
        ids = pages.select("page_key", "page_id")

        def of_captures(kind):
            return captures.selectExpr(f"explode({kind}) AS found").select("found.*")

        def with_page(rows, name):
            return self.declared(rows.join(ids, "page_key", "left"), name, beside=["page_id"])

        events = of_captures("events")
        opened = captures.selectExpr("row.capture_id", "explode(pages.key) AS page_key")
        opened = opened.distinct().join(ids, "page_key")
        rows = {
            "captures": self.declared(captures, "captures"),
            "pages": self.declared(pages, "pages", beside=["page_id"]),
            "organisations": self.declared(
                pages.select("organisation.*").dropDuplicates(["organisation_id"]), "organisations", within="`{}`"
            ),
            "events": with_page(events, "events"),
            "disclosures": self.declared(events.selectExpr("explode(items.row) AS row"), "disclosures"),
            "visits": opened.select("capture_id", "page_id"),
            "contacts": with_page(of_captures("contacts"), "contacts"),
            "matches": with_page(of_captures("matches"), "matches"),
            "settings": self.declared(captures.selectExpr("explode(settings) AS row"), "settings"),
        }
        if "parameters" in self.tables:
            rows["parameters"] = self.declared(events.selectExpr("explode(parameters) AS row"), "parameters")
        return rows

    def declared(self, rows, name, within="row.`{}`", beside=()):
        """The columns of a table in their order and with their types; an empty text is a missing one. They are found within
        something, but for those that stand beside it."""
        shapes = {"text": "NULLIF({}, '')", "integer": "CAST({} AS BIGINT)", "flag": "{}"}

        def column(declared):
            title = declared["name"]
            found = f"`{title}`" if title in beside else within.format(title)
            return f"{shapes[declared['kind']].format(found)} AS `{title}`"

        return rows.selectExpr(*map(column, self.tables[name]["columns"]))

    def of_dicts(self, dicts, name):
        """A few rows that are here as a table."""
        types = {"text": "string", "integer": "bigint", "flag": "boolean"}
        columns = self.tables[name]["columns"]
        schema = ", ".join(f"`{column['name']}` {types[column['kind']]}" for column in columns)
        rows = [tuple(row[column["name"]] for column in columns) for row in dicts]
        return self.declared(self.spark.createDataFrame(rows, schema), name, within="`{}`")

    def rest(self, captures):
        """The rows that no capture yields, as pixelhound gives them."""
        sums = captures.selectExpr(
            "COALESCE(SUM(requests_searched), 0) AS requests",
            "COALESCE(SUM(requests_without_body), 0) AS requests_without_body",
        )
        names = captures.selectExpr("row.path", "concat(row.path, '/', row.member) AS inside").distinct()
        command = [self.arguments.pixelhound, "worker", *self.arguments.option, "--rest", *self.arguments.inputs]
        has_sheet = any(name.startswith("sheet/") for name in self.record["knowledge_sha256"])
        called = (name for row in names.toLocalIterator() for name in row if name is not None) if has_sheet else ()
        return json.loads(output_of(command, itertools.chain([sums.first().asDict()], called)))

    def write(self, name, rows):
        """Writes a table in the order of its key, in parts whose names are in that order too, and has it read from there."""
        place = f"{self.arguments.out}/{name}.parquet"
        if not is_there(f"{place}/_SUCCESS"):
            key = [f"`{column}`" for column in self.tables[name]["key"]]
            ordered = rows.repartitionByRange(*key).sortWithinPartitions(*key)
            ordered.write.mode("overwrite").option("compression", "zstd").parquet(in_spark_words(place))
        self.spark.read.parquet(in_spark_words(place)).createOrReplaceTempView(name)

    def check_tables(self):
        """The promises of the tables: keys are unique, references lead somewhere, and no capture was lost on the way."""
        for name, table in self.tables.items():
            key = ", ".join(f"`{column}`" for column in table["key"])
            self.expect_none(f"SELECT {key} FROM {name} GROUP BY {key} HAVING COUNT(*) > 1", f"{name} twice")
            for goal in table["references"]:
                column, target, to = (f"`{goal[part]}`" for part in ("column", "table", "to"))
                self.expect_none(
                    f"SELECT a.{column} FROM {name} AS a LEFT ANTI JOIN {target} AS b ON a.{column} = b.{to} "
                    f"WHERE a.{column} IS NOT NULL",
                    f"{name}.{goal['column']} that leads nowhere",
                )

    def expect_none(self, sql, what):
        found = self.spark.sql(f"{sql} LIMIT 1").collect()
        if found:
            sys.exit(f"pixelhound_spark: {what}: {found[0].asDict()}; please report this as a bug")

    def seal(self, parts):
        """Counts the captures, and completes the folder to a dataset."""
        states = self.spark.sql("SELECT state, COUNT(*) AS captures FROM captures GROUP BY state ORDER BY state")
        states = {row["state"]: row["captures"] for row in states.collect()}
        inside = parts.selectExpr("SUM(size(captures)) AS captures").first()["captures"]
        if sum(states.values()) != inside:
            sys.exit(f"pixelhound_spark: {inside} captures were read, and the tables hold {states}")
        tidy(Path(self.arguments.out))
        archives = parts.where("left_out > 0").select("path", "left_out").collect()
        inputs = parts.where("length(file) > 0 AND sha256 <> ''").select("file", "sha256")
        told = ([os.fsdecode(bytes(row["file"])), row["sha256"]] for row in inputs.toLocalIterator())
        command = [self.arguments.pixelhound, "worker", *self.arguments.option, "--seal", self.arguments.out]
        output_of([*command, *self.arguments.inputs], itertools.chain([[tuple(row) for row in archives]], told))
        (Path(self.arguments.out) / MARK).unlink()
        print(f"pixelhound_spark: {len(self.ids)} in the manifest, read to {states}", file=sys.stderr)


def tidy(folder):
    """Takes Spark's notes away, and from the names of parts what is another in every run."""
    for note in [*folder.glob("*/_SUCCESS"), *folder.glob("*/.*.crc")]:
        note.unlink()
    for part in folder.glob("*/part-*.parquet"):
        part.rename(part.with_name(re.sub(r"-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "", part.name)))


def in_spark(sql):
    """The SQL in Spark's words for a list in one cell."""
    return re.sub(r"STRING_AGG\((\w+), ('[^']*') ORDER BY (\w+)\)", r"LISTAGG(\1, \2) WITHIN GROUP (ORDER BY \3)", sql)


def arguments_of(typed):
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("inputs", nargs="*", help="folders of captures, under the same path on every machine")
    parser.add_argument("--manifest", help="CSV in place of them: capture_id, uri, path, bytes, volunteer, wave, note")
    parser.add_argument("--parts", required=True, help="where parts are kept: a folder that all machines see, or a URI")
    parser.add_argument("--out", required=True, help="the dataset, a folder that all machines see; with --finish merge, the driver")
    parser.add_argument(
        "--finish",
        choices=["spark", "merge"],
        default="spark",
        help="where captures are compared and tables made: on the cluster, which needs --option=--case-key and writes Parquet "
        "in parts; or by `pixelhound merge` on the driver, with all files of `analyse`",
    )
    parser.add_argument("--pixelhound", default="pixelhound", help="the program, on every machine")
    parser.add_argument("--option", action="append", default=[], help="an option of analyse, such as --option=--parameters")
    parser.add_argument("--master", help="Spark's master, where spark-submit does not say")
    parser.add_argument("--round", type=int, default=100_000, help="captures of one round")
    parser.add_argument("--slots", type=int, help="partitions of one round, and of whatever comes after")
    parser.add_argument("--seconds", type=int, default=3600, help="what one capture may take")
    arguments = parser.parse_args(typed)
    if bool(arguments.manifest) == bool(arguments.inputs):
        parser.error("give either folders or --manifest")
    return arguments


def main(typed):
    arguments = arguments_of(typed)
    command = [arguments.pixelhound, "worker", *arguments.option]
    rows = manifest_of(arguments)
    record = json.loads(output_of([*command, "--record", *arguments.inputs]))
    record["listing"]["inputs"] = len(rows)
    check_out(arguments, record)
    made_by = {**record, "captures_sha256": hashlib.sha256(json.dumps(rows).encode()).hexdigest()}
    kept_record(arguments.parts, "record.json", made_by)
    spark = functools.cache(lambda: spark_session(arguments))
    places = read_all(arguments, command, rows, spark)
    ids = [row["capture_id"] for row in rows]
    if arguments.finish == "merge":
        return merge(arguments, places, record, ids)
    kept_record(arguments.out, MARK, made_by)
    Finish(arguments, spark(), record, ids).run(places)
    return 0


def check_out(arguments, record):
    """Says before a long job what would stop it at its end. On the driver `pixelhound merge` says so by itself."""
    if arguments.finish == "merge":
        return
    if not record["options"].get("case_key"):
        sys.exit(
            "pixelhound_spark: labels are numbered on one machine only; give a key with --option=--case-key --option=FILE, "
            "or finish on the driver with --finish merge"
        )
    out = Path(arguments.out)
    if out.exists() and any(out.iterdir()) and not (out / MARK).exists():
        sys.exit(f"pixelhound_spark: {out} holds something already; name another folder")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""Reads captures on a Spark cluster: every worker calls the same pixelhound that a reporter runs on a laptop.

    spark-submit pixelhound_spark.py captures/ --parts parts --out dataset --pixelhound ./pixelhound
    spark-submit pixelhound_spark.py --manifest captures.csv --parts s3://bucket/parts --out dataset

What one capture yields, its part, is small and needs no other capture. Parts are made on the cluster, in rounds that are
skipped when the job is run again, and kept as Parquet. What needs all captures (duplicates, sessions, repeats, pages, labels)
is done by `pixelhound merge` on the driver, by the code that also finishes an ordinary run. README.md says what that bounds.
"""

import argparse
import csv
import hashlib
import io
import json
import os
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


class Worker:
    """A pixelhound that reads one capture after the other, and is started again when it dies."""

    def __init__(self, command, made_by, seconds):
        self.command = command
        self.made_by = made_by
        self.seconds = seconds
        self.process = None

    def start(self):
        self.process = subprocess.Popen(self.command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.sender = pa.ipc.new_stream(self.process.stdin, JOB)
        self.answers = None

    def ask(self, job):
        """The part of one capture. A worker that dies or is too slow over it is an error."""
        if self.process is None:
            self.start()
        alarm = threading.Timer(self.seconds, self.process.kill)
        alarm.start()
        try:
            self.sender.write_batch(pa.RecordBatch.from_pylist([job], schema=JOB))
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

    def part_of(self, job):
        """The part of a capture; of one that takes every worker with it, the part that says so."""
        for attempt in range(ATTEMPTS):
            try:
                return self.ask(job)
            except (pa.ArrowException, OSError, StopIteration, ValueError) as error:
                self.stop()
                death = f"the worker died over it, or took longer than {self.seconds} seconds ({attempt + 1} times)"
                print(f"pixelhound_spark: {job['uri']}: {death}: {error!r}", file=sys.stderr)
        given_up = {name: job[name] for name in ("capture_id", "uri", "volunteer", "wave", "note")}
        return self.ask({**given_up, "failure": death})


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
        worker = Worker(command, made_by, seconds)
        try:
            for batch in batches:
                for row in batch.to_pylist():
                    job = {name: row.get(name) for name in JOB.names}
                    yield worker.part_of(with_content(job))
        finally:
            worker.stop()

    return read


def columns_of(command):
    """The columns of a part, by asking a worker about nothing."""
    nothing = io.BytesIO()
    pa.ipc.new_stream(nothing, JOB).close()
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
    return sorted(rows, key=lambda row: row["capture_id"])


def output_of(command):
    return subprocess.run(command, stdout=subprocess.PIPE, check=True, text=True).stdout


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
    spark.createDataFrame(keyed, columns).mapInArrow(read, schema).write.mode("overwrite").parquet(place)


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
    return spark


def read_all(arguments, command, rows):
    """Reads every round that is not there yet, and gives the folders of all."""
    from pyspark.sql.pandas.types import from_arrow_schema

    columns = columns_of(command)
    schema = from_arrow_schema(columns)
    read = reader(command, columns.metadata, arguments.seconds)
    size = arguments.round
    rounds = [rows[start : start + size] for start in range(0, len(rows), size)]
    places = [f"{arguments.parts}/round-{number:05}" for number in range(len(rounds))]
    spark = None
    for rows_of_round, place in zip(rounds, places):
        if is_there(f"{place}/_SUCCESS"):
            print(f"pixelhound_spark: {place} is there", file=sys.stderr)
            continue
        spark = spark or spark_session(arguments)
        slots = min(len(rows_of_round), arguments.slots or spark.sparkContext.defaultParallelism * 4)
        read_round(spark, rows_of_round, slots, read, schema, place)
    return places


def filesystem_of(place):
    """Its file system and its name there; a path without a scheme is a local one."""
    if "://" in place:
        return pyarrow.fs.FileSystem.from_uri(place)
    return pyarrow.fs.LocalFileSystem(), str(Path(place).absolute())


def is_there(place):
    filesystem, name = filesystem_of(place)
    return filesystem.get_file_info(name).type == pyarrow.fs.FileType.File


def kept_record(arguments, record):
    """Refuses to add parts to those of another version, other rules or another list of captures."""
    filesystem, folder = filesystem_of(arguments.parts)
    filesystem.create_dir(folder)
    name = f"{folder}/record.json"
    if is_there(f"{arguments.parts}/record.json"):
        with filesystem.open_input_stream(name) as stream:
            if json.loads(stream.read()) != record:
                sys.exit(
                    f"pixelhound_spark: {arguments.parts} holds parts of another version, other options, rules or captures; "
                    "give another folder with --parts"
                )
    else:
        with filesystem.open_output_stream(name) as stream:
            stream.write(json.dumps(record).encode())


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


def arguments_of(typed):
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("inputs", nargs="*", help="folders of captures, under the same path on every machine")
    parser.add_argument("--manifest", help="CSV in place of them: capture_id, uri, path, bytes, volunteer, wave, note")
    parser.add_argument("--parts", required=True, help="where parts are kept: a folder that all machines see, or a URI")
    parser.add_argument("--out", required=True, help="the dataset, on the driver")
    parser.add_argument("--pixelhound", default="pixelhound", help="the program, on every machine")
    parser.add_argument("--option", action="append", default=[], help="an option of analyse, such as --option=--parameters")
    parser.add_argument("--master", help="Spark's master, where spark-submit does not say")
    parser.add_argument("--round", type=int, default=100_000, help="captures of one round")
    parser.add_argument("--slots", type=int, help="partitions of one round")
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
    kept_record(arguments, {**record, "captures_sha256": hashlib.sha256(json.dumps(rows).encode()).hexdigest()})
    places = read_all(arguments, command, rows)
    with tempfile.TemporaryDirectory() as folder:
        write_shard(places, stream_columns(places[0]), record, [row["capture_id"] for row in rows], Path(folder))
        merged = subprocess.run([arguments.pixelhound, "merge", folder, "--out", arguments.out])
    return merged.returncode


def stream_columns(place):
    """The columns as Parquet has them: their names are the worker's, and their types mean the same."""
    filesystem, name = filesystem_of(place)
    return pyarrow.dataset.dataset(name, filesystem=filesystem, format="parquet").schema.remove_metadata()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

//! Put Blob into a data directory beside the store's own group commit; blobs of very many parts;
//! starting with many blobs; how disk use follows what is kept.

mod parts;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, channel, sync_channel};
use std::time::{Duration, Instant};

use redb::{Database, TableDefinition};
use tokio::runtime::Runtime;

use crate::Failure;
use crate::arguments::Arguments;
use crate::load::{self, CONNECTIONS, Line};
use crate::process::Process;
use crate::report::{Goal, Report, median};
use crate::requests::{KIBIBYTE, Raw, Writer};

/// Different blobs of a round.
const BLOBS: usize = 2_048;
/// About what the row of such a blob takes.
const ROW: [u8; 512] = [b'r'; 512];
const MIB: f64 = 1_048_576.0;

/// A directory that goes when it is dropped. Beside the build, for /tmp may be memory.
struct Directory(PathBuf);

impl Directory {
    fn new(name: &str) -> Result<Self, Failure> {
        let exe = std::env::current_exe()?;
        let beside = exe.parent().ok_or("a program lies in a folder")?;
        let path = beside.join(format!("bench-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&path)?;
        Ok(Self(path))
    }

    /// Bytes on disk, in MiB.
    fn used(&self) -> Result<f64, Failure> {
        fn sum(path: &Path) -> std::io::Result<u64> {
            let mut bytes = 0;
            for entry in std::fs::read_dir(path)? {
                let entry = entry?;
                bytes += match entry.metadata()? {
                    folder if folder.is_dir() => sum(&entry.path())?,
                    file => file.len(),
                };
            }
            Ok(bytes)
        }
        #[expect(clippy::cast_precision_loss, reason = "well under 2^53 bytes")]
        Ok(sum(&self.0)? as f64 / MIB)
    }
}

impl Drop for Directory {
    fn drop(&mut self) {
        drop(std::fs::remove_dir_all(&self.0));
    }
}

pub(crate) fn durable(
    arguments: &Arguments,
    runtime: &Runtime,
    report: &mut Report,
) -> Result<(), Failure> {
    report.say("Put Blob 1 KiB into a data directory, 32 keep-alive connections");
    rate(arguments, runtime, report)?;
    parts::parts(
        if arguments.short { 4_000 } else { 50_000 },
        runtime,
        report,
    )?;
    many(
        if arguments.short { 10_000 } else { 100_000 },
        runtime,
        report,
    )
}

fn rate(arguments: &Arguments, runtime: &Runtime, report: &mut Report) -> Result<(), Failure> {
    let directory = Directory::new("data")?;
    let server = Process::keeping(&directory.0)?;
    let writer = Writer::new(server.addr)?;
    load::once(runtime, server.addr, vec![writer.create_container("box")?])?;
    let requests: Result<Vec<Raw>, Failure> = (0..BLOBS)
        .map(|at| writer.put(&format!("box/put-{at}"), &KIBIBYTE))
        .collect();
    let requests = Arc::new(requests?);
    let commits = Directory::new("commits")?;
    let database = Database::create(commits.0.join("floor.redb"))?;
    let (mut own, mut floor) = (Vec::new(), Vec::new());
    let (mut writes, mut took) = (0.0, Duration::ZERO);
    for _ in 0..arguments.rounds() {
        let before = server.cpu()?;
        let rate = load::rate(runtime, server.addr, &requests, arguments.lasting())?;
        took += server.cpu()?.saturating_sub(before);
        writes += rate * arguments.lasting().as_secs_f64();
        own.push(rate);
        floor.push(group_commits(&database, arguments.lasting())?);
    }
    let ratios = own.iter().zip(&floor).map(|(own, floor)| own / floor);
    let ratio = median(ratios.collect());
    let micros = took.as_secs_f64() * 1e6 / writes;
    report.say(&format!(
        "  ours {:.0}/s at {micros:.1} µs of CPU; redb's group commit {:.0}/s",
        median(own),
        median(floor)
    ));
    report.judge(
        "durable Put Blob / group commit",
        ratio,
        "",
        Goal::AtLeast(0.6),
    );
    Ok(())
}

/// 32 threads that each put a row and a kibibyte, and wait until both are on disk. One more thread
/// writes all that wait in one transaction. How many are written a second.
fn group_commits(database: &Database, lasting: Duration) -> Result<f64, Failure> {
    let (outbox, inbox) = channel();
    let until = Instant::now() + lasting;
    let written: Result<usize, Failure> = std::thread::scope(|scope| {
        let committer = scope.spawn(|| commit(database, inbox));
        let writers: Vec<_> = (0..CONNECTIONS)
            .map(|first| {
                let outbox = outbox.clone();
                scope.spawn(move || {
                    let mut written = 0;
                    for at in (first..BLOBS).step_by(CONNECTIONS).cycle() {
                        let (done, wait) = sync_channel(1);
                        if Instant::now() >= until || outbox.send((at, done)).is_err() {
                            break;
                        }
                        if wait.recv().is_err() {
                            break;
                        }
                        written += 1;
                    }
                    written
                })
            })
            .collect();
        drop(outbox);
        let written = writers.into_iter().filter_map(|writer| writer.join().ok());
        let written = written.sum();
        committer.join().map_err(|_| "the committer ended")??;
        Ok(written)
    });
    #[expect(clippy::cast_precision_loss, reason = "a count of writes is small")]
    let written = written? as f64;
    Ok(written / lasting.as_secs_f64())
}

type Waiting = (usize, SyncSender<()>);

fn commit(database: &Database, inbox: Receiver<Waiting>) -> Result<(), Failure> {
    const TABLE: TableDefinition<'_, &str, &[u8]> = TableDefinition::new("rows");
    while let Ok(first) = inbox.recv() {
        let group: Vec<Waiting> = std::iter::once(first).chain(inbox.try_iter()).collect();
        let transaction = database.begin_write()?;
        {
            let mut table = transaction.open_table(TABLE)?;
            for (at, _) in &group {
                table.insert(format!("row-box/put-{at}").as_str(), ROW.as_slice())?;
                table.insert(format!("body-box/put-{at}").as_str(), KIBIBYTE.as_slice())?;
            }
        }
        transaction.commit()?;
        for (_, done) in group {
            if done.send(()).is_err() {
                return Err("a writer ended".into());
            }
        }
    }
    Ok(())
}

/// Start with many blobs, and disk use before and after most are deleted.
fn many(count: usize, runtime: &Runtime, report: &mut Report) -> Result<(), Failure> {
    let directory = Directory::new("many")?;
    let server = Process::keeping(&directory.0)?;
    let writer = Writer::new(server.addr)?;
    load::once(runtime, server.addr, vec![writer.create_container("box")?])?;
    let blobs = |write: &dyn Fn(&str) -> Result<Raw, Failure>| -> Result<Vec<Raw>, Failure> {
        (0..count)
            .map(|at| write(&format!("box/many-{at}")))
            .collect()
    };
    load::once(
        runtime,
        server.addr,
        blobs(&|name| writer.put(name, &KIBIBYTE))?,
    )?;
    let full = directory.used()?;
    drop(server);

    let begun = Instant::now();
    let server = Process::keeping(&directory.0)?;
    let writer = Writer::new(server.addr)?;
    let request = writer.properties("box/many-0")?;
    runtime.block_on(async { Line::open(server.addr).await?.ask(&request).await.map(drop) })?;
    let started = begun.elapsed().as_secs_f64() * 1e3;
    let memory = server.memory()?;
    load::once(runtime, server.addr, blobs(&|name| writer.delete(name))?)?;
    std::thread::sleep(Duration::from_secs(1));
    let emptied = directory.used()?;
    #[expect(clippy::cast_precision_loss, reason = "well under 2^53 bytes")]
    let memory = memory as f64 / MIB;
    report.say(&format!(
        "  {count} blobs of 1 KiB: {full:.0} MiB on disk, {emptied:.0} MiB when all are deleted; \
         after kill -9 the first answer comes after {started:.0} ms, in {memory:.0} MiB"
    ));
    Ok(())
}

//! The folder a data set is written to: locked, filled beside what stands there, and exchanged
//! when it is whole.
//!
//! Everything is first written to `.generate/new` in the folder. Then `raw`, `truth` and
//! `scenario.json` change places by renames. `scenario.json` leaves first and comes last, so at
//! every instant a folder with it is whole
//! (docs/decisions/0128-a-data-set-is-whole-or-not-there.md).

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use same_file::Handle;
use serde::Deserialize;
use thiserror::Error;

/// What says that a data set is whole.
pub(crate) const REPORT: &str = "scenario.json";
/// What a data set consists of, besides its report.
const SCHEMAS: [&str; 2] = ["raw", "truth"];
/// Where the command works, below the folder: on the same file system, so that renames suffice.
const WORK: &str = ".generate";
const LOCK: &str = "lock";

/// Why a folder was not written to.
#[derive(Debug, Error)]
pub(crate) enum Fault {
    /// The path is a file.
    #[error("{} is not a folder. Choose another --out.", .0.display())]
    NoFolder(PathBuf),
    /// Another run has the lock.
    #[error(
        "Another generate is writing to {}. Wait until it has ended, or choose another --out.",
        .0.display()
    )]
    Busy(PathBuf),
    /// Something that this command did not write stands where it would write.
    #[error("{} {problem}, so it is not replaced. Move it away, or choose another --out.", path.display())]
    Foreign {
        /// What stands there.
        path: PathBuf,
        /// How one can tell.
        problem: String,
    },
    /// The exchange failed, and so did taking it back.
    #[error("{cause}\nWhat stood in {} before could not be put back: {undo}. It lies in {}.", out.display(), old.display())]
    Halfway {
        /// The folder.
        out: PathBuf,
        /// Where the data set of before is.
        old: PathBuf,
        /// What failed first.
        cause: Box<Fault>,
        /// What failed then.
        undo: Box<Fault>,
    },
    /// A file operation failed.
    #[error("{}: {source}", path.display())]
    File {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

impl Fault {
    /// An error of the system, with the path it belongs to.
    pub(crate) fn of(path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::File { path, source }
    }

    /// Whether the folder is as it was before the command.
    pub(crate) const fn leaves_all_as_it_was(&self) -> bool {
        !matches!(self, Self::Halfway { .. })
    }
}

/// What a report must say to be one of ours; a newer version may say more.
#[derive(Deserialize)]
struct Report {
    #[serde(rename = "query")]
    _query: String,
    #[serde(rename = "as_of")]
    _as_of: String,
    #[serde(rename = "fingerprint")]
    _fingerprint: String,
    tables: BTreeMap<String, TableReport>,
}

#[derive(Deserialize)]
struct TableReport {
    #[serde(rename = "rows")]
    _rows: u64,
    #[serde(rename = "checksum")]
    _checksum: String,
}

/// A folder that this process alone writes to.
pub(crate) struct Folder {
    out: PathBuf,
    /// Folders that were made for it, the innermost first.
    made: Vec<PathBuf>,
    _lock: File,
}

impl Folder {
    /// Locks a folder, clears away what a run that was ended left, and makes sure that nothing of
    /// somebody else would be replaced.
    ///
    /// # Errors
    /// Why it cannot be written to; then it is as it was.
    pub(crate) fn claim(out: &Path) -> Result<Self, Fault> {
        if out.exists() && !out.is_dir() {
            return Err(Fault::NoFolder(out.to_owned()));
        }
        // Before anything is made or locked: somebody else's folder stays untouched.
        let work = out.join(WORK);
        if !work.exists() {
            refuse_what_is_not_ours(out)?;
        }
        let made = missing_folders(out);
        fs::create_dir_all(out).map_err(Fault::of(out))?;
        let lock = match lock(out, &work) {
            Ok(lock) => lock,
            Err(error) => {
                remove_folders(&made);
                return Err(error);
            }
        };
        let folder = Self {
            out: out.to_owned(),
            made,
            _lock: lock,
        };
        match folder.take_over() {
            Ok(()) => Ok(folder),
            Err(error) => {
                if error.leaves_all_as_it_was() {
                    folder.give_up();
                }
                Err(error)
            }
        }
    }

    /// Where the new data set is written.
    pub(crate) fn staging(&self) -> PathBuf {
        self.work("new")
    }

    /// Puts the new data set, whose report this is, in the place of the one before.
    ///
    /// Returns what could not be removed of the one before.
    ///
    /// # Errors
    /// What failed; the folder is as it was, but for [`Fault::Halfway`].
    pub(crate) fn publish(self, report: &str) -> Result<Option<Fault>, Fault> {
        if let Err(error) = self.finish(report) {
            if error.leaves_all_as_it_was() {
                self.give_up();
            }
            return Err(error);
        }
        Ok(self.remove_work().err())
    }

    /// Removes what was written so far. What cannot be removed is left to the next run.
    pub(crate) fn give_up(self) {
        let _ = self.remove_work();
        remove_folders(&self.made);
    }

    fn finish(&self, report: &str) -> Result<(), Fault> {
        let path = self.staging().join(REPORT);
        fs::write(&path, report).map_err(Fault::of(&path))?;
        File::open(&path)
            .and_then(|file| file.sync_all())
            .map_err(Fault::of(&path))?;
        sync_folders(&self.staging())?;
        refuse_what_is_not_ours(&self.out)?;
        self.exchange_or_undo()
    }

    /// Ends what a run that was killed began: an exchange is finished, all else removed.
    fn take_over(&self) -> Result<(), Fault> {
        if self.staging().join(REPORT).exists() {
            self.exchange_or_undo()?;
        }
        self.remove_work_but_lock()?;
        refuse_what_is_not_ours(&self.out)?;
        let staging = self.staging();
        fs::create_dir(&staging).map_err(Fault::of(&staging))
    }

    fn exchange_or_undo(&self) -> Result<(), Fault> {
        self.exchange().map_err(|cause| match self.undo() {
            Ok(()) => cause,
            Err(undo) => Fault::Halfway {
                out: self.out.clone(),
                old: self.work("old"),
                cause: Box::new(cause),
                undo: Box::new(undo),
            },
        })
    }

    /// Moves the data set of before away and the new one in. Each step is one rename, and all can
    /// be done again after any of them.
    fn exchange(&self) -> Result<(), Fault> {
        let old = self.work("old");
        fs::create_dir_all(&old).map_err(Fault::of(&old))?;
        let was_ours = self.out.join(REPORT).exists() || old.join(REPORT).exists();
        for name in [REPORT].into_iter().chain(SCHEMAS) {
            let (here, new) = (self.out.join(name), self.staging().join(name));
            if exists(&here) && exists(&new) {
                if !was_ours {
                    return Err(appeared(here));
                }
                rename(&here, &old.join(name))?;
            }
        }
        for name in SCHEMAS.into_iter().chain([REPORT]) {
            let new = self.staging().join(name);
            if exists(&new) {
                rename(&new, &self.out.join(name))?;
            }
        }
        sync_folder(&self.out)
    }

    /// Takes an exchange back that failed on the way.
    fn undo(&self) -> Result<(), Fault> {
        for name in SCHEMAS.into_iter().chain([REPORT]) {
            let (here, new) = (self.out.join(name), self.staging().join(name));
            let old = self.work("old").join(name);
            if exists(&here) && !exists(&new) {
                rename(&here, &new)?;
            }
            if exists(&old) {
                rename(&old, &here)?;
            }
        }
        Ok(())
    }

    fn work(&self, name: &str) -> PathBuf {
        self.out.join(WORK).join(name)
    }

    fn remove_work_but_lock(&self) -> Result<(), Fault> {
        for name in ["new", "old"] {
            let path = self.work(name);
            match remove_tree(&path) {
                Err(Fault::File { source, .. }) if source.kind() == io::ErrorKind::NotFound => {}
                other => other?,
            }
        }
        Ok(())
    }

    /// Removes the work folder, its lock last.
    fn remove_work(&self) -> Result<(), Fault> {
        self.remove_work_but_lock()?;
        let lock = self.work(LOCK);
        fs::remove_file(&lock).map_err(Fault::of(&lock))?;
        // Another run may have made its own lock by now.
        let _ = fs::remove_dir(self.out.join(WORK));
        Ok(())
    }
}

/// Takes the lock below `work`, which it makes.
fn lock(out: &Path, work: &Path) -> Result<File, Fault> {
    let path = work.join(LOCK);
    loop {
        fs::create_dir_all(work).map_err(Fault::of(work))?;
        let is_foreign =
            !path.exists() && fs::read_dir(work).is_ok_and(|mut entries| entries.next().is_some());
        if is_foreign && !path.exists() {
            return Err(Fault::Foreign {
                path: work.to_owned(),
                problem: "was not made by generate".to_owned(),
            });
        }
        let file = match File::options().create(true).append(true).open(&path) {
            // Whoever had the lock has just removed the folder.
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            other => other.map_err(Fault::of(&path))?,
        };
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(Fault::Busy(out.to_owned())),
            Err(TryLockError::Error(error)) => return Err(Fault::of(&path)(error)),
        }
        // The file may have been removed between opening and locking it: then it guards nothing.
        let locked = file.try_clone().and_then(Handle::from_file);
        if let (Ok(locked), Ok(there)) = (locked, Handle::from_path(&path))
            && locked == there
        {
            return Ok(file);
        }
    }
}

/// Fails unless the folder holds a whole data set of this command, or nothing by its names.
fn refuse_what_is_not_ours(out: &Path) -> Result<(), Fault> {
    let foreign = |path: PathBuf, problem: &str| Fault::Foreign {
        path,
        problem: problem.to_owned(),
    };
    let path = out.join(REPORT);
    if !exists(&path) {
        return match SCHEMAS
            .iter()
            .map(|name| out.join(name))
            .find(|path| exists(path))
        {
            Some(path) => Err(foreign(
                path,
                &format!("stands without a {REPORT} of generate"),
            )),
            None => Ok(()),
        };
    }
    let report: Report = fs::read(&path)
        .ok()
        .and_then(|bytes| serde_json::from_slice(&bytes).ok())
        .ok_or_else(|| foreign(path.clone(), "was not written by generate"))?;
    let expected: BTreeSet<PathBuf> = report
        .tables
        .keys()
        .filter_map(|name| name.split_once('.'))
        .map(|(schema, table)| out.join(schema).join(format!("{table}.parquet")))
        .collect();
    if expected.is_empty() {
        return Err(foreign(path, "was not written by generate"));
    }
    for schema in SCHEMAS {
        let folder = out.join(schema);
        if !is_plain_folder(&folder) {
            return Err(foreign(folder, "is not a folder that generate wrote"));
        }
        for path in entries(&folder)? {
            let is_ours = expected.contains(&path)
                && if is_plain_folder(&path) {
                    entries(&path)?.iter().all(|part| is_part(part))
                } else {
                    is_plain_file(&path)
                };
            if !is_ours {
                return Err(foreign(path, "was not written by generate"));
            }
        }
    }
    match expected.into_iter().find(|path| !exists(path)) {
        Some(path) => Err(foreign(
            path,
            &format!("is missing, so the data set beside {REPORT} is not whole"),
        )),
        None => Ok(()),
    }
}

fn is_part(path: &Path) -> bool {
    let name = path.file_name().and_then(|name| name.to_str());
    let number = name
        .and_then(|name| name.strip_prefix("part-"))
        .and_then(|name| name.strip_suffix(".parquet"));
    number.is_some_and(|number| number.bytes().all(|byte| byte.is_ascii_digit()))
        && is_plain_file(path)
}

/// Something by this name, if only a link that leads nowhere.
fn exists(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok()
}

fn is_plain_folder(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok_and(|metadata| metadata.is_dir())
}

fn is_plain_file(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok_and(|metadata| metadata.is_file())
}

fn entries(folder: &Path) -> Result<Vec<PathBuf>, Fault> {
    let read = || -> io::Result<Vec<PathBuf>> {
        let mut paths = Vec::new();
        for entry in fs::read_dir(folder)? {
            paths.push(entry?.path());
        }
        paths.sort();
        Ok(paths)
    };
    read().map_err(Fault::of(folder))
}

/// Removes a folder and all that is in it, and names the first path that stays.
fn remove_tree(path: &Path) -> Result<(), Fault> {
    if is_plain_folder(path) {
        for entry in entries(path)? {
            remove_tree(&entry)?;
        }
        fs::remove_dir(path).map_err(Fault::of(path))
    } else {
        fs::remove_file(path).map_err(Fault::of(path))
    }
}

/// Folders on the way to `path` that do not exist yet, the innermost first.
fn missing_folders(path: &Path) -> Vec<PathBuf> {
    path.ancestors()
        .take_while(|folder| !folder.as_os_str().is_empty() && !folder.exists())
        .map(Path::to_owned)
        .collect()
}

/// Removes folders that are empty.
fn remove_folders(folders: &[PathBuf]) {
    for folder in folders {
        let _ = fs::remove_dir(folder);
    }
}

fn rename(from: &Path, to: &Path) -> Result<(), Fault> {
    fs::rename(from, to).map_err(Fault::of(from))
}

fn appeared(path: PathBuf) -> Fault {
    Fault::Foreign {
        path,
        problem: "was not written by generate".to_owned(),
    }
}

/// Makes names last beyond a power cut; files themselves are synced as they are closed.
fn sync_folders(folder: &Path) -> Result<(), Fault> {
    for path in entries(folder)? {
        if is_plain_folder(&path) {
            sync_folders(&path)?;
        }
    }
    sync_folder(folder)
}

#[cfg(unix)]
fn sync_folder(folder: &Path) -> Result<(), Fault> {
    File::open(folder)
        .and_then(|file| file.sync_all())
        .map_err(Fault::of(folder))
}

/// Folders cannot be opened as files here.
#[cfg(not(unix))]
const fn sync_folder(_folder: &Path) -> Result<(), Fault> {
    Ok(())
}

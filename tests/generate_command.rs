//! The command `generate`: whatever happens to it, a folder with `scenario.json` holds a whole
//! data set, and nobody else's files are touched.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

const GENERATE: &str = env!("CARGO_BIN_EXE_generate");
/// Two data sets that differ in every table of users.
const FIRST: &str = "preset=tiny&users=400&events=20&seed=1";
const SECOND: &str = "preset=tiny&users=700&events=20&seed=2";
/// One whose tables are folders of parts.
const PARTED: &str = "preset=tiny&users=11000&events=5&months=6&seed=3";

/// All files below a folder, by their paths in it; none when there is no such folder.
type Files = BTreeMap<PathBuf, Vec<u8>>;

fn files(folder: &Path) -> Files {
    let mut found = Files::new();
    let mut left = vec![folder.to_owned()];
    while let Some(next) = left.pop() {
        let Ok(entries) = fs::read_dir(&next) else {
            continue;
        };
        for entry in entries {
            let path = entry.unwrap().path();
            if path.is_dir() {
                left.push(path);
            } else {
                let name = path.strip_prefix(folder).unwrap().to_owned();
                found.insert(name, fs::read(&path).unwrap());
            }
        }
    }
    found
}

/// The files of a data set, without what a killed run may have left beside them.
fn data_set(folder: &Path) -> Files {
    let mut found = files(folder);
    found.retain(|path, _| !path.starts_with(".generate"));
    found
}

fn generate(arguments: &[&str], out: &Path) -> Output {
    Command::new(GENERATE)
        .args(arguments)
        .arg("--out")
        .arg(out)
        .output()
        .unwrap()
}

fn text(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// The files of a run that nothing disturbs.
fn undisturbed(query: &str) -> Files {
    let folder = TempDir::new().unwrap();
    let out = folder.path().join("out");
    let output = generate(&[query], &out);
    assert!(output.status.success(), "{}", text(&output));
    let files = files(&out);
    assert!(files.contains_key(Path::new("scenario.json")));
    assert!(files.len() > 10, "{} files", files.len());
    files
}

/// Runs one command on a folder and expects that it fails, changes nothing, and says why.
fn check_refused(folder: &Path, arguments: &[&str], expected: &str) {
    let before = files(folder);
    let output = generate(arguments, folder);
    let text = text(&output);
    assert!(!output.status.success(), "{arguments:?} succeeded");
    assert!(text.contains(expected), "{arguments:?} says: {text}");
    assert_eq!(text.matches("Nothing was written.").count(), 1, "{text}");
    assert_eq!(files(folder), before, "{arguments:?} changed files");
}

/// Either no data set, or exactly one of these.
#[track_caller]
fn check_whole_or_not_there(out: &Path, wholes: &[&Files]) -> bool {
    let found = data_set(out);
    if !found.contains_key(Path::new("scenario.json")) {
        return false;
    }
    assert!(
        wholes.contains(&&found),
        "a broken data set looks whole: {:?}",
        found.keys().collect::<Vec<_>>()
    );
    true
}

fn spawn(query: &str, out: &Path) -> std::process::Child {
    Command::new(GENERATE)
        .arg(query)
        .arg("--out")
        .arg(out)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

#[test]
fn a_kill_at_any_moment_leaves_a_whole_data_set_or_none() {
    let (first, parted) = (undisturbed(FIRST), undisturbed(PARTED));
    let folder = TempDir::new().unwrap();
    let out = folder.path().join("out");
    let started = Instant::now();
    assert!(generate(&[PARTED], &out).status.success());
    let mut duration = started.elapsed();
    let mut killed = 0;
    for moment in 0..20_u32 {
        if moment % 4 == 0 {
            let _ = fs::remove_dir_all(&out);
        } else if moment % 4 == 2 {
            assert!(generate(&[FIRST], &out).status.success());
        }
        let had = data_set(&out);
        // Multiples of the golden ratio lie anywhere; the end, where renames happen, comes often.
        let share = f64::from(moment) * 0.618_033_988_749_895 % 1.0;
        let share = if moment % 2 == 0 {
            share
        } else {
            1.0 - share * 0.1
        };
        let mut child = spawn(PARTED, &out);
        std::thread::sleep(duration.mul_f64(share));
        if child.try_wait().unwrap().is_none() {
            killed += 1;
        } else {
            // The machine had more to do when the run was timed than it has now.
            duration = duration.mul_f64(0.8);
        }
        child.kill().unwrap();
        child.wait().unwrap();
        let is_there = check_whole_or_not_there(&out, &[&first, &parted]);
        assert!(
            is_there || had.is_empty() || data_set(&out) != had,
            "what was there before is gone without its successor"
        );
        if moment % 5 == 4 {
            let output = generate(&[FIRST], &out);
            assert!(output.status.success(), "{}", text(&output));
            assert_eq!(files(&out), first, "after a kill the folder is taken over");
        }
    }
    assert!(
        killed >= 10,
        "only {killed} of 20 runs were killed before they ended"
    );
}

#[test]
fn a_kill_between_any_two_renames_is_made_good_by_the_next_run() {
    let (first, second) = (undisturbed(FIRST), undisturbed(SECOND));
    let steps: [(&str, &str); 6] = [
        ("scenario.json", ".generate/old/scenario.json"),
        ("raw", ".generate/old/raw"),
        ("truth", ".generate/old/truth"),
        (".generate/new/raw", "raw"),
        (".generate/new/truth", "truth"),
        (".generate/new/scenario.json", "scenario.json"),
    ];
    for done in 0..=steps.len() {
        let folder = TempDir::new().unwrap();
        let out = folder.path().join("out");
        assert!(generate(&[FIRST], &out).status.success());
        assert!(
            generate(&[SECOND], &out.join(".generate/new"))
                .status
                .success()
        );
        fs::create_dir(out.join(".generate/old")).unwrap();
        fs::write(out.join(".generate/lock"), "").unwrap();
        for (from, to) in &steps[..done] {
            fs::rename(out.join(from), out.join(to)).unwrap();
        }
        check_whole_or_not_there(&out, &[&first, &second]);
        // A run that fails early makes the exchange good all the same.
        let output = limited(20, FIRST, &out);
        assert!(!output.status.success());
        assert!(
            check_whole_or_not_there(&out, &[&second]),
            "after {done} renames nothing is there"
        );
        assert!(!out.join(".generate").exists());
    }
}

/// Runs with files that may hold so many kilobytes: a write beyond fails as on a full disk.
fn limited(kilobytes: u32, query: &str, out: &Path) -> Output {
    Command::new("bash")
        .arg("-c")
        .arg("trap '' XFSZ; ulimit -f \"$1\"; exec \"$2\" \"$3\" --out \"$4\"")
        .arg("limited")
        .arg(kilobytes.to_string())
        .args([GENERATE, query])
        .arg(out)
        .output()
        .unwrap()
}

#[test]
fn a_file_that_cannot_grow_leaves_what_was_there() {
    let folder = TempDir::new().unwrap();
    let out = folder.path().join("deep/out");
    for kilobytes in [0, 1, 8, 20] {
        let output = limited(kilobytes, SECOND, &out);
        assert!(!output.status.success());
        assert!(
            text(&output).contains("Nothing was written."),
            "{}",
            text(&output)
        );
        assert!(
            !folder.path().join("deep").exists(),
            "folders that were made are gone"
        );
    }
    assert!(generate(&[FIRST], &out).status.success());
    let before = files(&out);
    for kilobytes in [0, 1, 8, 20] {
        assert!(!limited(kilobytes, SECOND, &out).status.success());
        assert_eq!(files(&out), before);
    }
}

#[test]
fn a_full_disk_leaves_what_was_there() {
    let script = "set -e
mount -t tmpfs -o size=700k none \"$1\"
\"$2\" \"$3\" --out \"$1/out\" > \"$1/../first\"
if \"$2\" \"$4\" --out \"$1/out\" > /dev/null 2> \"$1/../said\"; then exit 9; fi
cp -r \"$1/out\" \"$1/../kept\"";
    let folder = TempDir::new().unwrap();
    let disk = folder.path().join("disk");
    fs::create_dir(&disk).unwrap();
    let namespace = |command: &[&str]| {
        Command::new("unshare")
            .args(["--map-root-user", "--mount"])
            .args(command)
            .output()
    };
    // Containers often forbid it; `a_file_that_cannot_grow_leaves_what_was_there` runs anywhere.
    if !namespace(&["true"]).is_ok_and(|output| output.status.success()) {
        eprintln!("no mounts here: a full disk was not tried");
        return;
    }
    let path = disk.to_str().unwrap();
    let output = namespace(&["bash", "-c", script, "full", path, GENERATE, FIRST, SECOND]).unwrap();
    assert!(output.status.success(), "{}", text(&output));
    let said = fs::read_to_string(folder.path().join("said")).unwrap();
    assert!(said.contains("No space left on device"), "{said}");
    assert!(said.contains("Nothing was written."), "{said}");
    assert_eq!(files(&folder.path().join("kept")), undisturbed(FIRST));
}

#[test]
fn of_two_runs_at_once_one_is_refused() {
    let parted = undisturbed(PARTED);
    let folder = TempDir::new().unwrap();
    let out = folder.path().join("out");
    let mut child = spawn(PARTED, &out);
    let deadline = Instant::now() + Duration::from_secs(20);
    while !out.join(".generate/new").exists() {
        assert!(Instant::now() < deadline, "the first run does not begin");
        std::thread::sleep(Duration::from_millis(1));
    }
    let output = generate(&[FIRST], &out);
    assert!(
        child.try_wait().unwrap().is_none(),
        "the first run still goes on"
    );
    assert!(!output.status.success());
    assert!(
        text(&output).contains("Another generate is writing to"),
        "{}",
        text(&output)
    );
    assert!(child.wait().unwrap().success());
    assert_eq!(files(&out), parted);
}

#[test]
fn of_many_runs_at_once_none_breaks_another() {
    let (first, second) = (undisturbed(FIRST), undisturbed(SECOND));
    let folder = TempDir::new().unwrap();
    let out = folder.path().join("out");
    for _ in 0..5 {
        let children: Vec<_> = (0..6)
            .map(|number| spawn(if number % 2 == 0 { FIRST } else { SECOND }, &out))
            .collect();
        let successes = children
            .into_iter()
            .filter_map(|mut child| child.wait().ok())
            .filter(std::process::ExitStatus::success)
            .count();
        assert!(successes >= 1);
        let found = files(&out);
        assert!(found == first || found == second, "{:?}", found.keys());
    }
}

#[test]
fn an_interrupt_leaves_nothing_and_the_folder_can_be_used() {
    let first = undisturbed(FIRST);
    let folder = TempDir::new().unwrap();
    let out = folder.path().join("out");
    for before in [false, true] {
        let mut child = spawn("preset=full&users=20000", &out);
        while !out.join(".generate/new").exists() {
            std::thread::sleep(Duration::from_millis(1));
        }
        let signal = if before { "-TERM" } else { "-INT" };
        let kill = Command::new("kill")
            .args([signal, &child.id().to_string()])
            .status();
        assert!(kill.unwrap().success());
        assert_eq!(child.wait().unwrap().code(), Some(130));
        assert_eq!(out.exists(), before, "what was made is gone");
        assert!(generate(&[FIRST], &out).status.success());
        assert_eq!(files(&out), first);
    }
}

#[test]
fn what_a_killed_run_left_is_taken_over() {
    let first = undisturbed(FIRST);
    let folder = TempDir::new().unwrap();
    let out = folder.path().join("out");
    fs::create_dir_all(out.join(".generate/new/raw")).unwrap();
    fs::write(out.join(".generate/lock"), "").unwrap();
    fs::write(out.join(".generate/new/raw/events.parquet"), "half of it").unwrap();
    assert!(generate(&[FIRST], &out).status.success());
    assert_eq!(files(&out), first);
}

#[test]
fn files_of_others_are_never_touched() {
    let whole = undisturbed(FIRST);
    // What stands there, and what the command says of it.
    let cases: &[(&[(&str, &str)], &str)] = &[
        (
            &[("scenario.json", "{}"), ("raw/mine.txt", "mine")],
            "scenario.json was not written by generate",
        ),
        (
            &[("scenario.json", "not JSON")],
            "scenario.json was not written by generate",
        ),
        (
            &[("raw/users.parquet", "mine")],
            "stands without a scenario.json",
        ),
        (
            &[("truth/mine.txt", "mine")],
            "stands without a scenario.json",
        ),
        (&[("raw", "a file")], "stands without a scenario.json"),
        (
            &[(".generate/mine.txt", "mine")],
            "was not made by generate",
        ),
    ];
    for (given, expected) in cases {
        let folder = TempDir::new().unwrap();
        for (path, content) in *given {
            let path = folder.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, content).unwrap();
        }
        check_refused(folder.path(), &[SECOND], expected);
    }
    // In a data set of ours: one more file, one less, a part with a name of its own.
    let changes: [(&str, Option<&str>, &str); 4] = [
        (
            "raw/mine.txt",
            Some("mine"),
            "raw/mine.txt was not written by generate",
        ),
        (
            "raw/mine.parquet",
            Some("mine"),
            "raw/mine.parquet was not written by generate",
        ),
        (
            "raw/more/mine.txt",
            Some("mine"),
            "raw/more was not written by generate",
        ),
        ("raw/events.parquet", None, "raw/events.parquet is missing"),
    ];
    for (path, content, expected) in changes {
        let folder = TempDir::new().unwrap();
        for (name, bytes) in &whole {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, bytes).unwrap();
        }
        let path = folder.path().join(path);
        match content {
            Some(content) => {
                fs::create_dir_all(path.parent().unwrap()).unwrap();
                fs::write(path, content).unwrap();
            }
            None => fs::remove_file(path).unwrap(),
        }
        check_refused(folder.path(), &[SECOND], expected);
    }
}

#[test]
fn files_beside_the_data_set_stay() {
    let (second, folder) = (undisturbed(SECOND), TempDir::new().unwrap());
    fs::write(folder.path().join("metricflow.duckdb"), "built by dbt").unwrap();
    for query in [FIRST, SECOND] {
        assert!(generate(&[query], folder.path()).status.success());
    }
    let mut found = files(folder.path());
    assert_eq!(
        found.remove(Path::new("metricflow.duckdb")).unwrap(),
        b"built by dbt"
    );
    assert_eq!(found, second);
}

#[test]
fn a_file_in_the_place_of_the_folder_is_refused() {
    let folder = TempDir::new().unwrap();
    let out = folder.path().join("out");
    fs::write(&out, "mine").unwrap();
    check_refused(&out, &[FIRST], "is not a folder");
    assert_eq!(fs::read(&out).unwrap(), b"mine");
}

/// Somebody to whom permissions apply: `nobody`, where the tests run as root.
#[cfg(unix)]
fn as_anybody(arguments: &[&str], out: &Path, folders: &[PathBuf]) -> Output {
    use std::os::unix::fs::{MetadataExt, chown};
    use std::os::unix::process::CommandExt;

    const NOBODY: u32 = 65_534;
    let mut command = Command::new(GENERATE);
    command.args(arguments).arg("--out").arg(out);
    if fs::metadata("/proc/self").is_ok_and(|process| process.uid() == 0) {
        for folder in folders {
            chown(folder, Some(NOBODY), Some(NOBODY)).unwrap();
        }
        // A build folder may be closed to others.
        let program = out.parent().unwrap().join("generate");
        // By another process: a file that this one has open for writing while another test starts a program
        // could not be run.
        let copied = Command::new("cp").arg(GENERATE).arg(&program).status();
        assert!(copied.unwrap().success());
        command = Command::new(program);
        command.args(arguments).arg("--out").arg(out);
        command.uid(NOBODY).gid(NOBODY);
    }
    command.output().unwrap()
}

#[cfg(unix)]
fn set_mode(path: &Path, mode: u32) {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

/// All folders below one, and itself.
#[cfg(unix)]
fn folders(path: &Path) -> Vec<PathBuf> {
    let mut found = vec![path.to_owned()];
    for entry in fs::read_dir(path).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(folders(&path));
        }
    }
    found
}

#[cfg(unix)]
#[test]
fn a_file_that_cannot_be_removed_breaks_nothing() {
    let (first, parted) = (undisturbed(FIRST), undisturbed(PARTED));
    let folder = TempDir::new().unwrap();
    set_mode(folder.path(), 0o755);
    let out = folder.path().join("out");
    assert!(generate(&[PARTED], &out).status.success());
    // Nothing can be removed from this folder, but it can be moved with the one around it.
    let locked = out.join("raw/events.parquet");
    set_mode(&locked, 0o555);
    let output = as_anybody(&[FIRST], &out, &folders(&out));
    assert!(output.status.success(), "{}", text(&output));
    assert!(
        text(&output).contains("could not be removed"),
        "{}",
        text(&output)
    );
    assert!(check_whole_or_not_there(&out, &[&first]));
    // The next run says what is in its way.
    let output = as_anybody(&[PARTED], &out, &folders(&out));
    assert!(!output.status.success());
    assert!(
        text(&output).contains("events.parquet"),
        "{}",
        text(&output)
    );
    assert!(check_whole_or_not_there(&out, &[&first]));
    set_mode(&out.join(".generate/old/raw/events.parquet"), 0o755);
    assert!(as_anybody(&[PARTED], &out, &folders(&out)).status.success());
    assert_eq!(files(&out), parted);
}

#[cfg(unix)]
#[test]
fn a_folder_that_cannot_be_moved_stays_whole() {
    let first = undisturbed(FIRST);
    for locked in ["raw", "truth"] {
        let folder = TempDir::new().unwrap();
        set_mode(folder.path(), 0o755);
        let out = folder.path().join("out");
        assert!(generate(&[FIRST], &out).status.success());
        let all = folders(&out);
        set_mode(&out.join(locked), 0o555);
        let output = as_anybody(&[SECOND], &out, &all);
        assert!(!output.status.success(), "{locked} was moved");
        assert!(
            text(&output).contains("Nothing was written."),
            "{}",
            text(&output)
        );
        assert_eq!(files(&out), first);
        set_mode(&out.join(locked), 0o755);
    }
}

#[test]
fn a_mistake_is_told_once_and_writes_nothing() {
    let check = |arguments: &[&str], expected: &str| {
        let folder = TempDir::new().unwrap();
        let output = Command::new(GENERATE)
            .args(arguments)
            .current_dir(folder.path())
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(1), "{arguments:?}");
        assert_eq!(
            text(&output),
            format!("{expected}\nNothing was written.\n"),
            "{arguments:?}"
        );
        assert!(output.stdout.is_empty());
        assert_eq!(
            fs::read_dir(folder.path()).unwrap().count(),
            0,
            "{arguments:?}"
        );
    };
    check(&["churn=99"], "churn = 99 lies outside 0.5 to 15.");
    check(
        &["churn=4.05"],
        "churn = “4.05” is not a number with at most 1 digit after the point.",
    );
    check(
        &["season=1.005"],
        "season = “1.005” is not a number with at most 2 digits after the point.",
    );
    check(&["users=100.5"], "users = “100.5” is not a whole number.");
    check(&["--users", "0"], "users = 0 lies outside 1 to 1000000000.");
    check(&["--users", "many"], "users = “many” is not a number.");
    check(
        &["users=200", "--users", "300"],
        "“users” is given more than once.",
    );
    check(
        &["preset=tiny&preset=full"],
        "“preset” is given more than once.",
    );
    check(&["colour=red"], "“colour” is not a parameter.");
    check(
        &["tiny"],
        "“tiny” is not a parameter. The preset is chosen with --preset tiny.",
    );
    check(
        &["as_of=2025-02-30"],
        "as_of = “2025-02-30” is not a date such as 2025-12-31.",
    );
    for given in ["", " ", "--threads"] {
        let expected =
            format!("--out takes a folder (./ before a name that begins with --), not “{given}”.");
        check(&["--out", given], &expected);
    }
    check(
        &["--threads", "0"],
        "--threads takes a whole number from 1 to 1024, not “0”.",
    );
}

#[test]
fn usage_follows_an_unknown_option_and_none_else() {
    for arguments in [&["--wrong"][..], &["--out"]] {
        let output = Command::new(GENERATE).args(arguments).output().unwrap();
        assert_eq!(output.status.code(), Some(1));
        assert!(
            text(&output).contains("Usage: generate"),
            "{}",
            text(&output)
        );
    }
    let help = Command::new(GENERATE).arg("--help").output().unwrap();
    assert!(help.status.success());
    assert!(String::from_utf8_lossy(&help.stdout).starts_with("Usage: generate"));
}

#[test]
fn the_recorded_query_makes_the_same_data_set() {
    for arguments in [
        &["--users", "50"][..],
        &["--preset", "tiny", "--users", "1"],
        &["--preset", "tiny", "churn=4.2&theme=dark"],
        &[FIRST],
    ] {
        let folder = TempDir::new().unwrap();
        let (out, again) = (folder.path().join("out"), folder.path().join("again"));
        let output = generate(arguments, &out);
        assert!(output.status.success(), "{}", text(&output));
        let report = fs::read(out.join("scenario.json")).unwrap();
        let report: serde_json::Value = serde_json::from_slice(&report).unwrap();
        let output = generate(&[report["query"].as_str().unwrap()], &again);
        assert!(output.status.success(), "{}", text(&output));
        assert_eq!(files(&again), files(&out));
    }
}

#[test]
fn a_reader_that_goes_away_is_no_panic() {
    let folder = TempDir::new().unwrap();
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let out = folder.path().join("out");
    let output = Command::new(GENERATE)
        .args([FIRST, "--out"])
        .arg(&out)
        .stdout(writer)
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
        .wait_with_output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output).contains("is whole."), "{}", text(&output));
    assert_eq!(files(&out), undisturbed(FIRST));
}

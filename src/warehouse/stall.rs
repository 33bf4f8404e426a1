//! When a statement that is worked on bit by bit has stopped getting anywhere.

/// An answer that comes sooner has not worked: the engine works on a statement for a tenth of a second
/// before it says "not yet".
const AT_ONCE_MS: f64 = 50.0;
/// So many of them in a row, and nothing will come any more. A statement that waits for another gets
/// on after a few.
const ANSWERS: u32 = 100;

/// Counts answers that bring nothing.
#[derive(Debug, Default)]
pub(super) struct Stall {
    in_vain: u32,
}

impl Stall {
    /// Takes note of one answer, and says whether the statement has stalled.
    pub(super) fn after(&mut self, elapsed_ms: f64, brought_something: bool) -> bool {
        if brought_something || elapsed_ms >= AT_ONCE_MS {
            self.in_vain = 0;
        } else {
            self.in_vain += 1;
        }
        self.in_vain >= ANSWERS
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_many_empty_answers_in_a_row_that_come_at_once_are_a_stall() {
        let mut stall = Stall::default();
        assert!(!(1..ANSWERS).any(|_| stall.after(0.4, false)));
        assert!(stall.after(0.4, false));
        // A statement that works for long, and one that gives its rows part by part.
        let mut stall = Stall::default();
        assert!(!(0..10_000).any(|_| stall.after(101.0, false)));
        assert!(!(0..10_000).any(|_| stall.after(0.4, true)));
        // One that was waiting and went on.
        assert!(!(1..ANSWERS).any(|_| stall.after(0.4, false)));
        assert!(!stall.after(0.4, true));
        assert!(!(1..ANSWERS).any(|_| stall.after(0.4, false)));
    }
}

//! Where sessions and events are written.

/// A block's sessions and events, column by column.
#[derive(Debug, Default)]
pub(crate) struct ActivityRows {
    pub(crate) session_id: Vec<i64>,
    pub(crate) session_user: Vec<i64>,
    pub(crate) started_at: Vec<i64>,
    pub(crate) platform: Vec<u8>,
    pub(crate) device: Vec<u8>,
    pub(crate) event_id: Vec<i64>,
    pub(crate) event_session: Vec<i64>,
    pub(crate) event_user: Vec<i64>,
    pub(crate) event_at: Vec<i64>,
    pub(crate) event_type: Vec<u8>,
    pub(crate) feature: Vec<u8>,
}

impl ActivityRows {
    pub(crate) fn with_capacity(events: usize) -> Self {
        let sessions = events / 6;
        Self {
            session_id: Vec::with_capacity(sessions),
            session_user: Vec::with_capacity(sessions),
            started_at: Vec::with_capacity(sessions),
            platform: Vec::with_capacity(sessions),
            device: Vec::with_capacity(sessions),
            event_id: Vec::with_capacity(events),
            event_session: Vec::with_capacity(events),
            event_user: Vec::with_capacity(events),
            event_at: Vec::with_capacity(events),
            event_type: Vec::with_capacity(events),
            feature: Vec::with_capacity(events),
        }
    }
}

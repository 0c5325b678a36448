//! Which rows of a list are selected: some by name, or all that match its filter but some.

/// What is selected. It is sent as it is held: never as thousands of ids.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Selection<Id> {
    /// All that match, but those named.
    pub is_all: bool,
    /// Those that are selected; with `is_all`, those that are not.
    pub named: Vec<Id>,
}

impl<Id> Default for Selection<Id> {
    fn default() -> Self {
        Self {
            is_all: false,
            named: Vec::new(),
        }
    }
}

impl<Id: Copy + PartialEq> Selection<Id> {
    /// The most rows that can be named one by one.
    pub const MOST: usize = 100;

    /// All that match the filter.
    pub fn all() -> Self {
        Self {
            is_all: true,
            named: Vec::new(),
        }
    }

    /// Whether a row is selected.
    pub fn has(&self, id: Id) -> bool {
        self.is_all != self.named.contains(&id)
    }

    /// Selects a row, or takes it out.
    pub fn set(&mut self, id: Id, is_selected: bool) {
        if self.has(id) == is_selected {
            return;
        }
        if self.is_all == is_selected {
            self.named.retain(|named| *named != id);
        } else if self.named.len() < Self::MOST {
            self.named.push(id);
        }
    }

    /// Selects the rows of a page, or takes them out.
    pub fn set_each(&mut self, page: &[Id], is_selected: bool) {
        for id in page {
            self.set(*id, is_selected);
        }
    }

    /// How many are selected where `total` match.
    pub fn count(&self, total: usize) -> usize {
        if self.is_all {
            total.saturating_sub(self.named.len())
        } else {
            self.named.len()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn taking_one_out_of_all_leaves_the_others() {
        let mut selection = Selection::all();
        selection.set(7, false);
        assert_eq!(
            (selection.has(7), selection.has(8), selection.count(638)),
            (false, true, 637)
        );
        selection.set(7, true);
        assert_eq!(selection.count(638), 638);
    }

    #[test]
    fn no_more_are_named_than_the_server_takes() {
        let mut selection = Selection::default();
        selection.set_each(&(0..150).collect::<Vec<_>>(), true);
        assert_eq!(selection.count(638), 100);
        selection.set(3, false);
        assert_eq!(selection.count(638), 99);
    }
}

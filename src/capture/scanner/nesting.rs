//! Which brackets are open: a fixed number of bits, so that no input can make it grow.

/// Deepest nesting whose brackets are told apart. Real captures stay below 100, in call stacks.
pub const MAX_DEPTH: usize = 200;

const BITS: usize = u64::BITS as usize;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Object,
    Array,
}

impl Kind {
    pub fn closing(self) -> u8 {
        match self {
            Kind::Object => b'}',
            Kind::Array => b']',
        }
    }
}

/// A stack of open containers.
#[derive(Debug, Default)]
pub struct Nesting {
    depth: usize,
    /// One bit a level: set for objects.
    objects: [u64; MAX_DEPTH.div_ceil(BITS)],
}

impl Nesting {
    /// `false`: the limit is reached and nothing was pushed.
    pub fn push(&mut self, kind: Kind) -> bool {
        if self.depth >= MAX_DEPTH {
            return false;
        }
        let bit = 1u64 << (self.depth % BITS);
        if let Some(word) = self.objects.get_mut(self.depth / BITS) {
            match kind {
                Kind::Object => *word |= bit,
                Kind::Array => *word &= !bit,
            }
        }
        self.depth += 1;
        true
    }

    pub fn pop(&mut self) {
        self.depth = self.depth.saturating_sub(1);
    }

    pub fn last(&self) -> Option<Kind> {
        let level = self.depth.checked_sub(1)?;
        let word = self.objects.get(level / BITS)?;
        Some(if word >> (level % BITS) & 1 == 1 {
            Kind::Object
        } else {
            Kind::Array
        })
    }
}

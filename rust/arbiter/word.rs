// SPDX-License-Identifier: GPL-2.0

//! What the ownership word of a port says. Values only: nothing here changes a word in memory.

use core::num::NonZeroU16;

/// The name of a client in the ownership word: the number of its slot, counted from 1.
#[derive(Clone, Copy, PartialEq, Eq)]
#[repr(transparent)]
pub(crate) struct Owner(NonZeroU16);

impl Owner {
    /// The client in slot `slot`.
    pub(crate) const fn new(slot: NonZeroU16) -> Self {
        Self(slot)
    }

    /// The number of the client's slot.
    pub(crate) const fn slot(self) -> NonZeroU16 {
        self.0
    }
}

/// One value of the ownership word.
///
/// # Invariants
///
/// A word that was ever stored satisfies:
///
/// - An owner implies [`Word::HELD`]: only what we hold is ours to give.
/// - [`Word::HANDOFF`] implies [`Word::HELD`].
/// - An owner excludes [`Word::HANDOFF`]: a port being handed over is nobody's.
/// - [`Word::HELD`] excludes [`Word::CLAIM`]: what we hold we need not claim.
/// - [`Word::REFUSED`] implies an owner or [`Word::HANDOFF`]: nobody is refused an idle port.
/// - [`Word::WANT`] with [`Word::HELD`] implies an owner or [`Word::HANDOFF`]: somebody will look.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Word(u32);

impl Word {
    /// Our device is `port->cad`: the port is ours to give.
    pub(super) const HELD: Word = Word(1 << 0);

    /// A `parport_claim()` of ours is in flight. There is never more than one.
    pub(super) const CLAIM: Word = Word(1 << 1);

    /// The port was freed and is now the worker's: it passes it on, or makes it free.
    pub(super) const HANDOFF: Word = Word(1 << 2);

    /// Somebody on our side wants the worker to have the port before it is free again.
    pub(super) const WANT: Word = Word(1 << 3);

    /// A Linux driver was refused the port, and waits for it unless it has given up.
    pub(super) const REFUSED: Word = Word(1 << 4);

    /// The port is going away. This is final.
    pub(super) const DEAD: Word = Word(1 << 5);

    const OWNER_SHIFT: u32 = 16;
    const OWNER_MASK: u32 = 0xffff << Self::OWNER_SHIFT;

    /// A port that is not ours to give, and of which nobody wants anything.
    pub(super) const AWAY: Word = Word(0);

    /// Takes the word for what was read from memory.
    #[inline]
    pub(super) const fn from_bits(bits: u32) -> Self {
        Self(bits)
    }

    /// The word as it is stored in memory.
    #[inline]
    pub(super) const fn bits(self) -> u32 {
        self.0
    }

    /// A port that we hold, that `owner` owns and nobody else wants.
    #[inline]
    pub(super) const fn owned_by(owner: Owner) -> Self {
        Self::HELD.with_owner(owner)
    }

    /// Does the word have all the bits of `bits`?
    #[inline]
    pub(super) const fn has(self, bits: Word) -> bool {
        self.0 & bits.0 == bits.0
    }

    /// The word with the bits of `bits` too.
    #[inline]
    pub(super) const fn with(self, bits: Word) -> Self {
        Self(self.0 | bits.0)
    }

    /// The word without the bits of `bits`.
    #[inline]
    pub(super) const fn without(self, bits: Word) -> Self {
        Self(self.0 & !bits.0)
    }

    /// The word with an owner, where it has none.
    #[inline]
    pub(super) const fn with_owner(self, owner: Owner) -> Self {
        // CAST: Widening, and 16 bits shifted by 16 fit.
        Self(self.0 | ((owner.0.get() as u32) << Self::OWNER_SHIFT))
    }

    /// The word without its owner.
    #[inline]
    pub(super) const fn without_owner(self) -> Self {
        Self(self.0 & !Self::OWNER_MASK)
    }

    /// Which client owns the port?
    #[inline]
    pub(super) const fn owner(self) -> Option<Owner> {
        // CAST: the shift leaves 16 bits.
        match NonZeroU16::new((self.0 >> Self::OWNER_SHIFT) as u16) {
            Some(slot) => Some(Owner(slot)),
            None => None,
        }
    }

    /// Does the port belong to nobody but us, so that it may be given or handed over?
    #[inline]
    pub(super) const fn is_idle(self) -> bool {
        self.has(Self::HELD) && self.owner().is_none() && !self.has(Self::HANDOFF)
    }
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "alcove-rung-encoder.h"

G_BEGIN_DECLS

/**
 * AlcoveRungSlot:
 * @encoder: (nullable): %NULL while nobody watches it
 * @slow: whether every second picture is left out
 * @given_up: it has failed, and there is no other
 *
 * The place of an encoder in a set.
 */
typedef struct {
  AlcoveRungEncoder *encoder;
  gboolean slow;
  gboolean given_up;
} AlcoveRungSlot;

/**
 * AlcoveRungSet:
 * @sizes: the rungs; the first is of the size that the set is for
 * @n_sizes: how many
 * @slots: changed on the main context only, under the ladder's lock
 *
 * The rungs that follow from one size of what is captured. Atomically reference counted.
 */
typedef struct _AlcoveRungSet AlcoveRungSet;
typedef struct _AlcoveRungScaling AlcoveRungScaling;
struct _AlcoveRungSet {
  AlcoveRungSize sizes[ALCOVE_MAX_RUNGS];
  guint n_sizes;
  AlcoveRungSlot slots[ALCOVE_N_VIDEO_CODECS][ALCOVE_MAX_RUNGS];

  AlcoveRungScaling *scaling;
};

/**
 * AlcoveRungRound:
 *
 * What a set does with one picture: it is begun, all sets are asked who takes it, and then it is
 * handed on.
 */
typedef struct {
  AlcoveRungSet *set;
  AlcoveRungEncoder *encoders[ALCOVE_N_VIDEO_CODECS][ALCOVE_MAX_RUNGS];
  gboolean takes[ALCOVE_N_VIDEO_CODECS][ALCOVE_MAX_RUNGS];
  guint n_wanted; /* sizes down to the smallest that is wanted */
} AlcoveRungRound;

AlcoveRungSet *alcove_rung_set_new     (int              width,
                                        int              height);
AlcoveRungSet *alcove_rung_set_ref     (AlcoveRungSet   *self);
void           alcove_rung_set_unref   (AlcoveRungSet   *self);
gboolean       alcove_rung_set_is_for  (AlcoveRungSet   *self,
                                        int              width,
                                        int              height);
gboolean       alcove_rung_set_is_used (AlcoveRungSet   *self);
/* under the ladder's lock */
void           alcove_rung_set_adopt   (AlcoveRungSet   *self,
                                        AlcoveRungSet   *other);
void           alcove_rung_round_begin (AlcoveRungRound *self,
                                        AlcoveRungSet   *set);
void           alcove_rung_round_ask   (AlcoveRungRound *self,
                                        GstClockTime     time);
/* one thread at a time */
void           alcove_rung_round_push  (AlcoveRungRound *self,
                                        GstBuffer       *picture,
                                        int              width,
                                        int              height);
void           alcove_rung_round_clear (AlcoveRungRound *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AlcoveRungSet, alcove_rung_set_unref)

G_END_DECLS

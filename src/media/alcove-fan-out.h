/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gst/app/gstappsrc.h>
#include <gst/gst.h>

G_BEGIN_DECLS

#define ALCOVE_TYPE_FAN_OUT (alcove_fan_out_get_type ())
G_DECLARE_FINAL_TYPE (AlcoveFanOut, alcove_fan_out, ALCOVE, FAN_OUT, GObject)

/**
 * AlcoveFanOut:
 *
 * Hands every encoded buffer of one encoder to all subscribed `appsrc`s, by
 * reference. Media-internal. All functions may be called from any thread, but see
 * alcove_fan_out_unsubscribe() for what it guarantees.
 *
 * This is for sound, of which every buffer stands for itself; for pictures see #AlcoveLadder.
 * Buffers carry running times of the
 * engine's clock and base time; a subscriber's pipeline uses both, so they need no change.
 * An appsrc is never blocked on: it must be set up with `leaky-type=downstream` or a
 * bound of its own.
 */
AlcoveFanOut *alcove_fan_out_new               (GstCaps      *caps);
GstCaps      *alcove_fan_out_get_caps          (AlcoveFanOut *self);
void          alcove_fan_out_subscribe         (AlcoveFanOut *self,
                                                GstAppSrc    *source);
/* when this returns, no buffer is pushed to @source any more */
void          alcove_fan_out_unsubscribe       (AlcoveFanOut *self,
                                                GstAppSrc    *source);
guint         alcove_fan_out_get_n_subscribers (AlcoveFanOut *self);
/* the appsink behind the encoder; replaces the one before; NULL detaches */
void          alcove_fan_out_set_sink          (AlcoveFanOut *self,
                                                GstElement   *appsink);

G_END_DECLS

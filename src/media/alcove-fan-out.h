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
 * A subscriber gets nothing before the next key frame (sound: from the next buffer on), and
 * a key frame is asked for when it subscribes. Buffers carry running times of the
 * engine's clock and base time; a subscriber's pipeline uses both, so they need no change.
 * An appsrc is never blocked on: it must be set up with `leaky-type=downstream` or a
 * bound of its own.
 */
AlcoveFanOut *alcove_fan_out_new               (const char   *name,
                                                GstCaps      *caps);
GstCaps      *alcove_fan_out_get_caps          (AlcoveFanOut *self);
void          alcove_fan_out_subscribe         (AlcoveFanOut *self,
                                                GstAppSrc    *source);
/* when this returns, no buffer is pushed to @source any more */
void          alcove_fan_out_unsubscribe       (AlcoveFanOut *self,
                                                GstAppSrc    *source);
guint         alcove_fan_out_get_n_subscribers (AlcoveFanOut *self);
void          alcove_fan_out_request_key_frame (AlcoveFanOut *self);
/* the appsink behind the encoder; replaces the one before; NULL detaches */
void          alcove_fan_out_set_sink          (AlcoveFanOut *self,
                                                GstElement   *appsink);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "alcove-signaller.h"

G_BEGIN_DECLS

/**
 * AlcoveMemoryHub:
 *
 * The place where in-memory signallers meet: rooms within one process, without a
 * server. Everything is delivered from the main context, in order, never at once.
 */
#define ALCOVE_TYPE_MEMORY_HUB (alcove_memory_hub_get_type ())
G_DECLARE_FINAL_TYPE (AlcoveMemoryHub, alcove_memory_hub, ALCOVE, MEMORY_HUB, GObject)

AlcoveMemoryHub *alcove_memory_hub_new           (void);
void             alcove_memory_hub_set_shuffle   (AlcoveMemoryHub       *self,
                                                  GRand                 *rand);
void             alcove_memory_hub_set_drop_next (AlcoveMemoryHub       *self,
                                                  guint                  n_messages);

/**
 * AlcoveMemorySignaller:
 *
 * A signaller on a hub. The newcomer offers, and the ids count up: `peer-1`, `peer-2`, ….
 */
#define ALCOVE_TYPE_MEMORY_SIGNALLER (alcove_memory_signaller_get_type ())
G_DECLARE_FINAL_TYPE (AlcoveMemorySignaller, alcove_memory_signaller, ALCOVE, MEMORY_SIGNALLER,
                      AlcoveSignaller)

AlcoveSignaller *alcove_memory_signaller_new        (AlcoveMemoryHub       *hub);
void             alcove_memory_signaller_disconnect (AlcoveMemorySignaller *self);
void             alcove_memory_signaller_reconnect  (AlcoveMemorySignaller *self);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "alcove-peer-link.h"
#include "alcove-signaller.h"

G_BEGIN_DECLS

/* A signaller that the test drives by alcove_signaller_emit_…(). */
#define FAKE_TYPE_SIGNALLER (fake_signaller_get_type ())
G_DECLARE_FINAL_TYPE (FakeSignaller, fake_signaller, FAKE, SIGNALLER, AlcoveSignaller)

/* A link whose frames are as old as the test says. */
#define FAKE_TYPE_LINK (fake_link_get_type ())
G_DECLARE_FINAL_TYPE (FakeLink, fake_link, FAKE, LINK, GObject)

void fake_link_show_frame (FakeLink *self);
void fake_link_set_age    (FakeLink *self,
                           gint64    microseconds);

/* whether its channels take no text */
void fake_link_set_deaf   (FakeLink *self,
                           gboolean  deaf);

/* what it measures of itself; nothing unless told */
void fake_link_set_stats  (FakeLink              *self,
                           const AlcoveLinkStats *stats);

#define FAKE_TYPE_FACTORY (fake_factory_get_type ())
G_DECLARE_FINAL_TYPE (FakeFactory, fake_factory, FAKE, FACTORY, GObject)

/* the link made last for @peer */
FakeLink *fake_factory_find (FakeFactory *self,
                             const char  *peer);

G_END_DECLS

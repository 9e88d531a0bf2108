/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "alcove-peer-link.h"

G_BEGIN_DECLS

/* A scripted link: nothing happens by itself but descriptions. */
#define FAKE_TYPE_LINK (fake_link_get_type ())
G_DECLARE_FINAL_TYPE (FakeLink, fake_link, FAKE, LINK, GObject)

struct _FakeLink {
  GObject parent_instance;

  char *peer;
  guint serial;
  guint nth; /* of those to this peer, from 0 */
  gboolean offered;
  guint n_offers;
  gboolean silent; /* told not to send */
  double volume; /* told to play at; 1 at first */
  gboolean deaf; /* told not to take what comes */
  guint n_remotes;
  gboolean closed;
  gboolean candidate_too_early;
  guint n_candidates;
  gint64 frame_time;
  guint64 bytes;
  GPtrArray *sent; /* "0 text" or "1 text" */
  AlcoveLinkStats stats; /* what it measures */
  guint n_measured;
  gboolean view_known;
  int view_width; /* of their picture here */
  int view_height;
  guint n_far_sizes;
  int far_width; /* of our picture there */
  int far_height;
  char *recording; /* path, while it records */
  gboolean recording_empty; /* nothing comes */
  GError *recording_error;  /* what its end says */
};

#define FAKE_TYPE_FACTORY (fake_factory_get_type ())
G_DECLARE_FINAL_TYPE (FakeFactory, fake_factory, FAKE, FACTORY, GObject)

struct _FakeFactory {
  GObject parent_instance;

  guint base; /* sets the session ids of two factories apart */
  guint n_made;
  gboolean broken;
  gboolean empty; /* on links that are made from now on, nothing comes to record */
};

FakeFactory *fake_factory_new (guint base);
/* Its ICE user fragment is "u" and the session. */
char        *fake_sdp         (const char *session);

G_END_DECLS

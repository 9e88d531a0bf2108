/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "alcove-engine.h"
#include "alcove-lobby.h"
#include "alcove-portal-parent.h"
#include "alcove-push-to-talk.h"
#include "alcove-room-page.h"
#include "alcove-session.h"
#include "alcove-trust-settings.h"
#include "alcove-wall.h"
#include "alcove-window.h"

G_BEGIN_DECLS

struct _AlcoveWindow {
  AdwApplicationWindow parent_instance;

  GtkStack *stack;
  AdwToastOverlay *toasts;
  AlcoveRoomPage *room_page;
  AdwBin *wall_bin;
  AlcoveLobby *lobby;
  AlcoveWall *wall;

  /* an invitation that came while we are in another room */
  AlcoveJoin *invited;

  GSettings *settings;
  AlcoveDevices *devices;
  AlcoveEngine *engine;
  AlcovePushToTalk *push_to_talk;
  AlcovePortalParent *portal_parent;
  AlcoveSession *session;
  AlcoveTrust *trust;
  /* the certificate that was asked about last */
  AlcoveTrustEntry *asked;
  char *engine_size;

  gboolean kiosk;
  char *video;
  char *audio;
  char *playout;
  char *size;
  int fps;
  char *stun;
  char *turn;

  guint inhibit_cookie;
  GtkIconPaintable *spinner; /* kept loaded */
  guint warming;             /* idle */
  guint entering;            /* timeout */
  guint entering_idle;
  gboolean closing;
};

gboolean alcove_window_in_room         (AlcoveWindow    *self);
void     alcove_window_show_toast      (AlcoveWindow    *self,
                                        const char      *text);
void     alcove_window_make_engine     (AlcoveWindow    *self);
void     alcove_window_drop_engine     (AlcoveWindow    *self);
void     alcove_window_apply_setting   (AlcoveWindow    *self,
                                        const char      *key);
void     alcove_window_tell_room       (AlcoveWindow    *self);
void     alcove_window_update_muted    (AlcoveWindow    *self);
void     alcove_window_leave           (AlcoveWindow    *self);
void     alcove_window_install_actions (GtkWidgetClass  *widget_class);
void     alcove_window_update_actions  (AlcoveWindow    *self);

/* alcove-window-share.c: our screen, and recordings */
void     alcove_window_watch_share           (AlcoveWindow   *self);
void     alcove_window_install_share_actions (GtkWidgetClass *widget_class);
void     alcove_window_update_share_actions  (AlcoveWindow   *self);

/* alcove-window-tiles.c: what is done with one tile */
void     alcove_window_install_tile_actions (GtkWidgetClass *widget_class);
void     alcove_window_update_tile_actions  (AlcoveWindow   *self);

G_END_DECLS

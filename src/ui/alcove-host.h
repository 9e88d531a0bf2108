/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Where the embedded server listens if nobody else does. */
#define ALCOVE_HOST_PORT 8888

#define ALCOVE_TYPE_HOST (alcove_host_get_type ())
G_DECLARE_FINAL_TYPE (AlcoveHost, alcove_host, ALCOVE, HOST, GObject)

AlcoveHost *alcove_host_new            (void);
gboolean    alcove_host_start          (AlcoveHost *self,
                                        gboolean    network,
                                        GError    **error);
void        alcove_host_stop           (AlcoveHost *self);
void        alcove_host_set_allowed_origins
                                       (AlcoveHost         *self,
                                        const char * const *origins);
guint       alcove_host_get_port       (AlcoveHost *self);
guint       alcove_host_plan_port      (AlcoveHost *self);
char       *alcove_host_dup_uri        (AlcoveHost *self);
char       *alcove_host_dup_public_uri (AlcoveHost *self);
char       *alcove_host_format_uri     (const char *address,
                                        guint       port);
GStrv       alcove_host_list_addresses (void);

G_END_DECLS

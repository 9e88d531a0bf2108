/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gst/sdp/sdp.h>

G_BEGIN_DECLS

gboolean    alcove_section_is            (const GstSDPMedia *media,
                                          const char        *kind);
gboolean    alcove_section_has           (const GstSDPMedia *media,
                                          const char        *key);
void        alcove_section_remove        (GstSDPMedia       *media,
                                          const char        *key);
const char *alcove_section_get_direction (const GstSDPMedia *media);
void        alcove_section_set_direction (GstSDPMedia       *media,
                                          const char        *direction);

G_END_DECLS

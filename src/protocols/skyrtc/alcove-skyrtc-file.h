/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "alcove-file-message.h"

G_BEGIN_DECLS

/* A piece has 1000 characters; ours may be asked for more by none. */
#define ALCOVE_SKYRTC_MAX_FILE_MESSAGE (16 * 1024)

char              *alcove_skyrtc_file_encode (const AlcoveFileMessage *message);
AlcoveFileMessage *alcove_skyrtc_file_decode (const char              *text,
                                              GError                 **error);

G_END_DECLS

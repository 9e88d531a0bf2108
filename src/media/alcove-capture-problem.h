/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gst/gst.h>

#include "alcove-capture-spec.h"

G_BEGIN_DECLS

GError *alcove_capture_problem_new           (const AlcoveCaptureSpec *spec,
                                              gboolean                 busy);
GError *alcove_capture_problem_new_replaced  (gboolean                 video,
                                              gboolean                 busy);
char   *alcove_capture_problem_parse_message (GstMessage              *message,
                                              gboolean                *busy);

G_END_DECLS

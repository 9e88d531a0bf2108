/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

/* pictures that need no device; bins with one `src` pad that puts out I420, live */
GstElement *alcove_test_source_new_picture (guint picture,
                                            int   width,
                                            int   height,
                                            int   fps);
GstElement *alcove_test_source_new_still   (int   width,
                                            int   height);

/* the rate of the still picture: enough that its age tells whether the sender lives */
#define ALCOVE_TEST_SOURCE_STILL_FPS 2

G_END_DECLS

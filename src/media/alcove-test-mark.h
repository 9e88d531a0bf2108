/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A cell is a 32nd of the width and an 18th of the height: below this size
 * there is not even a core of one pixel in it that compression leaves alone. */
#define ALCOVE_TEST_MARK_MIN_WIDTH 96
#define ALCOVE_TEST_MARK_MIN_HEIGHT 54

#define ALCOVE_TEST_MARK_MAX_PICTURE 0xff

/* The number of a picture whose frames are numbered by the wall clock, in milliseconds: then
 * everybody on this machine can tell how old a frame is. */
#define ALCOVE_TEST_MARK_CLOCK 15
#define ALCOVE_TEST_MARK_MAX_COUNTER 0xffffff

void     alcove_test_mark_draw_luma (guint8       *luma,
                                     gsize         stride,
                                     int           width,
                                     int           height,
                                     guint         picture,
                                     guint32       counter);
gboolean alcove_test_mark_read_luma (const guint8 *luma,
                                     gsize         stride,
                                     int           width,
                                     int           height,
                                     guint        *picture,
                                     guint32      *counter);

G_END_DECLS

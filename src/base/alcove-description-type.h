/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/**
 * AlcoveDescriptionType:
 * @ALCOVE_DESCRIPTION_OFFER: an offer
 * @ALCOVE_DESCRIPTION_ANSWER: an answer
 *
 * What a session description is. The signallers and the server share it, which know
 * nothing of each other.
 */
typedef enum {
  ALCOVE_DESCRIPTION_OFFER,
  ALCOVE_DESCRIPTION_ANSWER,
} AlcoveDescriptionType;

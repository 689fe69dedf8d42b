/**
 * Protocols applied to a model: from a model and faces to scores, from scores to figures. {@code
 * mien train} and {@code mien evaluate} both end here.
 */
package org.mien.trainer.evaluation;

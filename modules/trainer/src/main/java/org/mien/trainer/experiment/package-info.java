/**
 * One experiment from its recipe to its report: the order of the stages, and nothing of how each is
 * done.
 */
package org.mien.trainer.experiment;

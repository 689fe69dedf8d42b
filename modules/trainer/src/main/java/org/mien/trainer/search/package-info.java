/**
 * Looks for better values of a recipe's keys: Arbiter proposes, each candidate is the recipe with a
 * few keys changed, and the validation images judge. The reported images take no part in it.
 */
package org.mien.trainer.search;

/**
 * Which images a verification protocol compares: lists of pairs and their readers. Scores and
 * metrics belong to the evaluation module.
 */
package org.mien.data.protocol;

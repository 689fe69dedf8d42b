/**
 * One class that has to live in ND4J's name space: Deeplearning4j 1.0.0-M2.1 looks it up by name
 * before it uses oneDNN. Nothing else belongs here, and nothing of Mien calls it.
 */
package org.nd4j.nativeblas;

global using StablePay.Simulation;

global using StablePay.Simulation;
global using StablePay.Testing;

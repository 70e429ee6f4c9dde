global using StablePay.Testing;

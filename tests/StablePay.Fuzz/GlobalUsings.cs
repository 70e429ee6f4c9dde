global using System.Globalization;
global using System.Text;
global using StablePay.Core.Errors;
global using StablePay.Core.Ids;
global using StablePay.Core.Money;
global using StablePay.Core.Networks;
global using StablePay.Core.Primitives;
